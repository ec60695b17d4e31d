// Child process of src/train/node/batches.test.ts: decodes a folder of pairs into a cache, until it is killed or done.
import { readFolder } from '../src/data/node.js'
import { parseRecipe } from '../src/train/index.js'
import { openBatches } from '../src/train/node.js'

const [folder, cacheDir, sampleRate] = process.argv.slice(2)
const recipe = parseRecipe('name: child\naudio: { encoder: a }\ntext: { encoder: b, pretrained: c }')
const { pairs } = await readFolder(folder)
const batches = await openBatches({
  pairs,
  recipe,
  sampleRate: Number(sampleRate),
  cacheDir,
  decoders: 2,
  onProgress: ({ done }) => process.stdout.write(`${done}\n`),
})
await batches.close()
