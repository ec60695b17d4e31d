// Compiles TypeScript into dist/ and makes the models that are made from towers.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { root, run } from './run.mjs'

const compile = [
  'node_modules/typescript/bin/tsc',
  '-p',
  '.',
  '--incremental',
  '--tsBuildInfoFile',
  'dist/.tsbuildinfo',
]
run(process.execPath, compile)
const build = join(root, 'dist/src/model/build-models.js')
if (existsSync(build)) run(process.execPath, [build])
