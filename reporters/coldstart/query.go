package coldstart

// Query is what to ask CloudWatch Logs Insights for, in its own language. It
// takes both log formats, and the lines that tell what cannot be compared.
const Query = `fields @timestamp, @log, @logStream, @message
| filter (@type = "REPORT" and ispresent(@initDuration))
    or @message like /^(INIT_START|INIT_REPORT|RESTORE_START|RESTORE_REPORT) /
    or @message like /Restore Duration/
    or @message like /"type":\s*"platform\.(initStart|initReport|restoreReport)"/
    or (@message like /"type":\s*"platform\.report"/ and @message like /"initDurationMs"/)
| sort @timestamp asc
| limit 10000
`
