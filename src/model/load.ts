import { openProgram, type OnnxRuntime } from '../graph/index.js'
import { createTokenizer } from '../text/index.js'
import { parseConfig, parseParity } from './config.js'
import { ItemTable, readItemFactors } from './item-factors.js'
import { audioEncoder, jointEmbedding, textEncoder, type CheckedEmbedding } from './joint-embedding.js'
import { compareParity } from './parity.js'
import { assertSpace, sha256Hex, spaceFiles, spaceId } from './space.js'

/** The bytes of one file of a model directory. */
export type ModelFiles = (name: string) => Promise<Uint8Array>

/**
 * A model from the bytes of its directory, wherever they lie: nothing here knows files, threads or a network.
 * Both sides run where this is called; in Node `openModel` of the back door spreads audio over threads.
 * @throws AntiphonError `model` when a file is missing, damaged or doesn't compute what it should.
 */
export async function loadModel(files: ModelFiles, runtime: OnnxRuntime): Promise<CheckedEmbedding> {
  const config = parseConfig(await files('config.json'))
  const weights = await files('model.safetensors')
  const sha256: Record<string, string> = {}
  for (const name of spaceFiles(config))
    sha256[name] = await sha256Hex(name === 'model.safetensors' ? weights : await files(name))
  const id = await spaceId(config, sha256)
  const parity = parseParity(await files('parity.json'))
  assertSpace(id, parity, config.name)
  const externalData = [{ path: 'model.safetensors', data: weights }]
  return jointEmbedding({
    config,
    spaceId: id,
    check: (side, encoders) => compareParity(parity, side, encoders, config.audio),
    ...(config.items && {
      items: {
        table: async () => {
          const file = 'factors.safetensors'
          return new ItemTable(readItemFactors(await files(file), file, config.items!.dim))
        },
        open: async () =>
          audioEncoder(await openProgram(runtime, await files('item.onnx'), { externalData })),
      },
    }),
    openAudio: async () =>
      audioEncoder(await openProgram(runtime, await files('audio.onnx'), { externalData })),
    openText: async () => {
      const tokenizer = createTokenizer(await files('tokenizer.json'), config.text)
      return textEncoder(await openProgram(runtime, await files('text.onnx'), { externalData }), tokenizer)
    },
  })
}
