// Faults inside a program: DEFECT_FILE holds the name of the defect this instance has now, or is missing. What is recorded never
// names it.
'use strict';
const fs = require('node:fs');

let current = '';
function read() {
  try { current = fs.readFileSync(process.env.DEFECT_FILE, 'utf8').trim(); } catch { current = ''; }
}
read();
setInterval(read, 1000).unref();

module.exports = (name) => current === name;
