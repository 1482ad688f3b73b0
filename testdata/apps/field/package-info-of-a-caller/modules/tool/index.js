require('info-of')(module, 'name', 'version')
