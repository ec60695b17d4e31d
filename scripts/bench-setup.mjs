// Makes .venv-reference, the Python packages that benchmarks are measured against. Benchmarks run without it too, and then say so.
//   npm run bench:setup                      everything: about 6 GB, since torch for Linux comes from PyPI with CUDA
//   npm run bench:setup -- --without-torch   all but the reference of "start": 0.7 GB
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root, run } from './run.mjs'

const windows = process.platform === 'win32'
const venv = join(root, '.venv-reference')
const python = join(venv, windows ? 'Scripts/python.exe' : 'bin/python')
const known = ['--without-torch']
const unknown = process.argv.slice(2).filter((word) => !known.includes(word))
if (unknown.length > 0) {
  console.error(`Unknown option ${unknown.join(', ')} (expected ${known.join(', ')})`)
  process.exit(2)
}

const system = windows ? 'python' : 'python3'
const { stdout, status } = spawnSync(
  system,
  ['-c', 'import sys, venv, ensurepip; print("%d.%d" % sys.version_info[:2])'],
  { encoding: 'utf8' },
)
if (status !== 0) {
  console.error(
    `The references need ${system} with its venv module (on Debian: python3-venv). Without it the benchmarks still run, with no references.`,
  )
  process.exit(1)
}
// faiss-cpu and onnxruntime of requirements.txt have wheels for these.
const [major, minor] = stdout.trim().split('.').map(Number)
if (major !== 3 || minor < 11) {
  console.error(`${system} is ${stdout.trim()}; the references need Python 3.11 or later.`)
  process.exit(1)
}

if (!existsSync(python)) run(system, ['-m', 'venv', venv])
const install = (file) =>
  run(python, [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '-r',
    join(root, 'tools/reference', file),
  ])
console.log('Installing numpy, librosa, soundfile, onnxruntime and faiss-cpu (0.7 GB on disk) …')
install('requirements.txt')
if (!process.argv.includes('--without-torch')) {
  console.log('Installing torch and transformers (5.5 GB on disk on Linux; some minutes) …')
  install('requirements-torch.txt')
}
console.log('Done: npm run bench -- NAME now measures its references too.')
