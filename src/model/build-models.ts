// Makes the models that come with the package from their towers: run by scripts/build.mjs.
import { fileURLToPath } from 'node:url'
import { buildBridge } from './node/build-bridge.js'

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const started = performance.now()
const built = await buildBridge({
  towers: at('../../../models/towers'),
  out: at('../../models/bridge'),
  code: ['.', './bridge', './towers', '../graph', '../text'].map(at),
})
const seconds = ((performance.now() - started) / 1000).toFixed(1)
console.log(built ? `Made dist/models/bridge in ${seconds} s` : 'dist/models/bridge is up to date')
