exports.party = '<address>{{name}}<br>{{street}}<br>{{postcode}} {{city}}</address>'

exports.invoice = `<!doctype html>
<title>Rechnung {{number}}</title>
<header>{{> party seller}}{{> party buyer}}</header>
<h1>Rechnung {{number}} vom {{date date}}</h1>
<table>
{{#each lines}}
<tr><td>{{position @index}}</td><td>{{title}}</td><td>{{percent}} %</td><td>{{amount cents}}</td></tr>
{{/each}}
</table>
{{#each taxes}}
<p>enthaltene USt. {{@key}} %: {{amount this}} EUR</p>
{{/each}}
<p>Summe: <b>{{amount cents}} EUR</b></p>
`
