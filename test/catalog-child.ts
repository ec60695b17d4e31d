import { openCatalog } from '../src/catalog/node.js'
import { fakeAudioFiles, fakeModel } from './catalog-fakes.js'

// Writes to a catalog in a process of its own, to be killed: catalog-child.js CATALOG MUSIC [--real | --reindex]
const [dir, music, mode] = process.argv.slice(2)
const catalog = await openCatalog(
  mode === '--real'
    ? { dir, commitSeconds: 0.2 }
    : {
        dir,
        model: mode === '--reindex' ? undefined : fakeModel(),
        openModel: async (name) => fakeModel({ name, seed: name }),
        openAudioFiles: () => fakeAudioFiles({ blockMilliseconds: 1 }),
        commitSeconds: 0.02,
      },
)
const events = mode === '--reindex' ? catalog.reindex('new') : catalog.index([music])
for await (const event of events) process.stdout.write(`${JSON.stringify(event)}\n`)
await catalog.close()
