// The same question as `fa2 access`, answered by DuckDB: failed requests by target group, minute and status, and
// percentiles of the time by path. Prints JSON; `seconds` is the time of the queries alone, without that of Node.js.
// usage: node duckdb_alb.mjs FILES THREADS       (FILES: a path or a glob)
import { createRequire } from 'node:module';
import path from 'node:path';
import process from 'node:process';

// The package stands in the folder it was installed to for the benchmark, not beside this file.
const { DuckDBInstance } = createRequire(path.join(process.env.FA2_BENCH_NODE, 'x.js'))('@duckdb/node-api');

const [files, threads] = process.argv.slice(2);
// https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html
const columns = Object.entries({
  type: 'VARCHAR', time: 'TIMESTAMP', elb: 'VARCHAR', client: 'VARCHAR', target: 'VARCHAR', request_time: 'DOUBLE',
  target_time: 'DOUBLE', response_time: 'DOUBLE', status: 'INTEGER', target_status: 'VARCHAR', received: 'VARCHAR',
  sent: 'VARCHAR', request: 'VARCHAR', agent: 'VARCHAR', cipher: 'VARCHAR', protocol: 'VARCHAR', arn: 'VARCHAR',
  trace: 'VARCHAR', domain: 'VARCHAR', certificate: 'VARCHAR', priority: 'VARCHAR', created: 'TIMESTAMP',
  actions: 'VARCHAR', redirect: 'VARCHAR', error: 'VARCHAR', targets: 'VARCHAR', target_statuses: 'VARCHAR',
  classification: 'VARCHAR', reason: 'VARCHAR', connection: 'VARCHAR',
}).map(([name, type]) => `'${name}': '${type}'`).join(', ');

const database = await DuckDBInstance.create(':memory:', { threads });
const connection = await database.connect();
const rows = async (sql) => (await connection.runAndReadAll(sql)).getRowsJson();

const begin = performance.now();
await connection.run(`create temp table requests as
  select arn, date_trunc('minute', created) as minute, status,
    case when least(request_time, target_time, response_time) >= 0 then request_time + target_time + response_time
         else epoch(time) - epoch(created) end as seconds,
    regexp_extract(request, '^[^ ]+ [^:]*://[^/]*([^ ?#]*)', 1) as path
  from read_csv('${files}', delim=' ', quote='"', escape='\\', header=false, auto_detect=false, columns={${columns}})`);
const failures = await rows(`select split_part(split_part(arn, ':targetgroup/', 2), '/', 1), strftime(minute, '%Y-%m-%dT%H:%M:%SZ'),
    status, count(*) from requests where status >= 500 group by all order by all`);
const paths = await rows(`select path, count(*), quantile_cont(seconds, [0.5, 0.9, 0.99]) from requests group by path order by path`);
const seconds = (performance.now() - begin) / 1000;

console.log(JSON.stringify({
  seconds,
  failures: failures.map(([target, minute, status, requests]) => [target, minute, Number(status), Number(requests)]),
  paths: paths.map(([name, requests, quantiles]) => [name, Number(requests), ...quantiles.map(Number)]),
}));
