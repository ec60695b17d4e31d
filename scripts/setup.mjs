// Installs the locked dependencies and builds, each only where something changed.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { root, run } from './run.mjs'

/** The oldest minor release of each line of Node that the packages run on. */
const OLDEST_MINOR = { 20: 19, 22: 13 }

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
  run(command, [...first, 'ci', '--include=dev', '--no-progress', '--loglevel=error'])
  mkdirSync(join(root, 'node_modules'), { recursive: true })
  writeFileSync(stampFile, stamp)
}

export function setup() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 24 && !(minor >= OLDEST_MINOR[major])) {
    console.error(
      `Node ${process.version} is not one that Antiphon runs on: take 20.19 or later, 22.13 or later, or 24.`,
    )
    process.exit(1)
  }
  install()
  run(process.execPath, [join(root, 'scripts/build.mjs')])
}

if (process.argv[1] === fileURLToPath(import.meta.url)) setup()
