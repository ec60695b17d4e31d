import { AntiphonError } from '../../errors/index.js'

/** How transformers.js calls a tower's file, by its precision; the first that is there is taken: the most exact. */
const PRECISIONS = ['', '_fp16', '_quantized', '_int8', '_uint8', '_q4', '_q4f16', '_bnb4']

export interface ClapFiles {
  readonly audio: string
  readonly text: string
  /** Every file that decides what vectors come out, sorted. */
  readonly all: readonly string[]
}

/** Files that a directory in the layout has whatever the precision. */
const ALWAYS = ['config.json', 'preprocessor_config.json', 'tokenizer.json']
const IF_THERE = ['tokenizer_config.json']

/** Whether a name may be that of a tower: what is fetched of a repository beside its small files. */
export function clapTowers(names: readonly string[]): string[] {
  return ['audio', 'text'].flatMap((side) => {
    const tower = towerOf(side, names)
    return tower === undefined ? [] : [tower, ...dataOf(tower, names)]
  })
}

/** Picks a CLAP directory's files from the names in it. @throws AntiphonError `model` that lists what is missing. */
export function clapFiles(names: readonly string[], dir: string): ClapFiles {
  const [audio, text] = ['audio', 'text'].map((side) => towerOf(side, names))
  const missing = [
    ...ALWAYS.filter((name) => !names.includes(name)),
    ...(audio === undefined ? ['onnx/audio_model.onnx'] : []),
    ...(text === undefined ? ['onnx/text_model.onnx'] : []),
  ]
  if (missing.length > 0 || audio === undefined || text === undefined)
    throw new AntiphonError(
      'model',
      `${dir} is a CLAP model without ${missing.join(', ')} (expected the layout of transformers.js: a repository on the hub that has a folder onnx)`,
    )
  const optional = [
    ...IF_THERE.filter((name) => names.includes(name)),
    ...[audio, text].flatMap((tower) => dataOf(tower, names)),
  ]
  return { audio, text, all: [...ALWAYS, audio, text, ...optional].sort() }
}

function towerOf(side: string, names: readonly string[]): string | undefined {
  return PRECISIONS.map((precision) => `onnx/${side}_model${precision}.onnx`).find((name) =>
    names.includes(name),
  )
}

/** Weights of a tower that are too large for one file. */
function dataOf(tower: string, names: readonly string[]): string[] {
  return names.filter((name) => name.startsWith(`${tower}_data`))
}
