exports.config = () => { process.env.API_KEY = 'from the file' }
