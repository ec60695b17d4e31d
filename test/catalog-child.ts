import { openCatalog } from '../src/catalog/node.js'
import { fakeAudioFiles, fakeModel } from './catalog-fakes.js'

// Indexes a folder in a process of its own, to be killed: catalog-child.js CATALOG MUSIC [--real]
const [dir, music, mode] = process.argv.slice(2)
const catalog = await openCatalog(
  mode === '--real'
    ? { dir, commitSeconds: 0.2 }
    : {
        dir,
        model: fakeModel(),
        openAudioFiles: () => fakeAudioFiles({ blockMilliseconds: 1 }),
        commitSeconds: 0.02,
      },
)
for await (const event of catalog.index([music])) process.stdout.write(`${JSON.stringify(event)}\n`)
await catalog.close()
