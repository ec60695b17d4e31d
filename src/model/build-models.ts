// Makes the models that come with the package from their towers: run by scripts/build.mjs. With the argument int8 it makes bridge-int8.
import { fileURLToPath } from 'node:url'
import { buildBridge } from './node/build-bridge.js'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const precision = process.argv[2] === 'int8' ? 'int8' : 'float'
const name = precision === 'int8' ? 'bridge-int8' : 'bridge'
const started = performance.now()
const built = await buildBridge({
  towers: at('../../../models/towers'),
  out: at(`../../models/${name}`),
  precision,
  code: ['.', './bridge', './quantize', './towers', '../graph', '../text'].map(at),
})
const seconds = ((performance.now() - started) / 1000).toFixed(1)
console.log(built ? `Made dist/models/${name} in ${seconds} s` : `dist/models/${name} is up to date`)
