// Installs the locked dependencies and builds, each only where something changed.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root, run } from './run.mjs'

const OLDEST_NODE = [20, 12]

/** node_modules as the lock file says; a stamp inside it remembers for which lock and which Node it was made. */
function install() {
  const stampFile = join(root, 'node_modules/.antiphon-lock')
  const stamp = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .update(`${process.version} ${process.platform} ${process.arch}`)
    .digest('hex')
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return
  console.log('Installing dependencies from npm (about 830 MB on disk, once) …')
  const npm = process.env.npm_execpath
  const [command, first] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []]
  run(command, [...first, 'ci', '--no-progress', '--loglevel=error'])
  mkdirSync(join(root, 'node_modules'), { recursive: true })
  writeFileSync(stampFile, stamp)
}

export function setup() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1])) {
    console.error(`Node ${process.version} is too old: Antiphon runs on Node 20.12 or later, 22 and 24.`)
    process.exit(1)
  }
  install()
  run(process.execPath, [join(root, 'scripts/build.mjs')])
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setup()
