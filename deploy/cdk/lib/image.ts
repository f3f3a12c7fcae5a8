import * as fs from 'node:fs';
import * as path from 'node:path';
import { configurationText } from './configuration';
import { Parameters } from './parameters';

/**
 * The folder of an image: that of packaging/Dockerfile, which brings its own C library, fonts, time zones and
 * certificates, with this deployment's configuration in it. It is built when the stack is deployed.
 */
export function stageImage(parametersFolder: string, p: Parameters, baseImage: string): string {
  const folder = path.resolve(__dirname, '../image'); // build/image: made anew each time, copied when the stack is made.
  fs.mkdirSync(folder, { recursive: true });
  const description = p.architectureFile
    ? fs.readFileSync(path.resolve(parametersFolder, p.architectureFile), 'utf8')
    : '';
  fs.writeFileSync(path.join(folder, 'fa2.toml'), configurationText(p, description), { mode: 0o644 });
  const lines = [
    `FROM ${baseImage}`,
    'COPY fa2.toml /var/task/fa2.toml',
    // The only folder of a function that can be written to.
    'ENV XDG_CACHE_HOME=/tmp LAMBDA_TASK_ROOT=/var/task',
    'WORKDIR /tmp',
    'ENTRYPOINT ["/usr/bin/fa2", "lambda"]',
    'CMD []',
  ];
  fs.writeFileSync(path.join(folder, 'Dockerfile'), `${lines.join('\n')}\n`, { mode: 0o644 });
  return folder;
}
