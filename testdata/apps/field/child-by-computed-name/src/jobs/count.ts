process.send!(1)
