'use strict';
// Runs before every npm script (prestart, pretest, ...) so that a fresh clone needs one command only.
// Plain CommonJS for old Node versions: it is the one file that runs before Node 24 is installed.
var fs = require('fs');
var path = require('path');
var spawnSync = require('child_process').spawnSync;

var root = path.join(__dirname, '..');
var lock = path.join(root, 'package-lock.json');
var installed = path.join(root, 'node_modules', '.package-lock.json');

function mtimeMs(file) {
  try {
    return fs.statSync(file).mtime.getTime();
  } catch (error) {
    return -1;
  }
}

function install() {
  console.log('bindery: installing dependencies (first run, or package-lock.json changed) ...');
  var npm = process.env.npm_execpath;
  var result = npm
    ? spawnSync(process.execPath, [npm, 'ci', '--no-audit', '--no-fund', '--loglevel=error'], {
        cwd: root,
        stdio: 'inherit',
      })
    : spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, stdio: 'inherit' });
  if (result.status !== 0) {
    console.error('bindery: npm ci failed; see the lines above. Is the package registry reachable?');
    process.exit(1);
  }
  // npm keeps the lock copy's time when nothing changed; touch it so that the next start is quick.
  var now = new Date();
  try {
    fs.utimesSync(installed, now, now);
  } catch (error) {
    /* an npm without the hidden lock file reinstalls next time; that is slow, not wrong */
  }
}

function isStale() {
  return mtimeMs(installed) < mtimeMs(lock);
}

// Two commands at once must not both install: the second would empty what the first fills.
var busy = path.join(root, '.installing');

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function isTaken() {
  try {
    fs.writeFileSync(busy, String(process.pid), { flag: 'wx' });
    return false;
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
  }
  try {
    // Empty: its owner is just about to write.
    var owner = Number(fs.readFileSync(busy, 'utf8'));
    if (owner > 0 && !isAlive(owner)) fs.unlinkSync(busy);
  } catch (error) {
    /* gone meanwhile */
  }
  return true;
}

function installAlone() {
  while (isTaken()) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
  process.on('exit', function () {
    fs.unlinkSync(busy);
  });
  // Ctrl-C ends npm too; this process then ends by the failure of that.
  process.on('SIGINT', function () {});
  // Whoever was first may have done it meanwhile.
  if (isStale()) install();
}

if (isStale()) installAlone();

// The bundled Node 24 (optionalDependencies node-linux-*) exists on Linux only; elsewhere the machine's Node serves.
var bundled = path.join(root, 'node_modules', '.bin', 'node');
var version = process.versions.node;
if (fs.existsSync(bundled)) {
  var asked = spawnSync(bundled, ['--version'], { encoding: 'utf8' });
  if (asked.status === 0) version = asked.stdout.trim().replace(/^v/, '');
}
var parts = version.split('.').map(Number);
if (parts[0] < 22 || (parts[0] === 22 && parts[1] < 18)) {
  console.error(
    'bindery: needs Node 22.18 or newer, and this is ' +
      version +
      '. Install Node 24 (nodejs.org) and run the command again.',
  );
  process.exit(1);
}
