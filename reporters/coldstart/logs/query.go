package logs

// Query is a CloudWatch Logs Insights query for cold starts. It matches both log
// formats, and also the lines that mark starts that cannot be compared.
const Query = `fields @timestamp, @log, @logStream, @message
| filter (@type = "REPORT" and ispresent(@initDuration))
    or @message like /^(INIT_START|INIT_REPORT|RESTORE_START|RESTORE_REPORT) /
    or @message like /Restore Duration/
    or @message like /"type":\s*"platform\.(initStart|initReport|restoreReport)"/
    or (@message like /"type":\s*"platform\.report"/ and @message like /"initDurationMs"/)
| sort @timestamp asc
| limit 10000
`
