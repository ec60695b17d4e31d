import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Benchmark } from './benchmark.js'
import { table } from './figures.js'
import { machine } from './machine.js'
import { hasReference } from './process.js'

type Choice = 'music' | 'only' | 'repeats'

interface Entry {
  readonly about: string
  readonly takes: readonly Choice[]
  readonly load: () => Promise<Benchmark>
}

const BENCHMARKS: Readonly<Record<string, Entry>> = {
  index: {
    about: 'a folder of music to stored vectors: time, decoding, memory',
    takes: ['music', 'only', 'repeats'],
    load: async () => (await import('./index.js')).indexBenchmark,
  },
  search: {
    about: 'nearest moments at 10 thousand, 100 thousand and a million',
    takes: ['only', 'repeats'],
    load: async () => (await import('./search.js')).searchBenchmark,
  },
  start: {
    about: 'from shell to answers, cold',
    takes: ['repeats'],
    load: async () => (await import('./start.js')).startBenchmark,
  },
  quality: {
    about: 'captions to their own style on the demo library',
    takes: ['music'],
    load: async () => (await import('./quality.js')).qualityBenchmark,
  },
  world: {
    about: 'a made world: time, size, and whether taggers hear its styles',
    takes: [],
    load: async () => (await import('./world.js')).worldBenchmark,
  },
  train: {
    about: "training steps and a curve of the loss beside PyTorch's",
    takes: ['only', 'repeats'],
    load: async () => (await import('./train.js')).trainBenchmark,
  },
  gradcache: {
    about: 'a step of 4,096 pairs in chunks: gradients, memory, time',
    takes: ['repeats'],
    load: async () => (await import('./gradcache.js')).gradcacheBenchmark,
  },
  data: {
    about: 'rows of tables and of listening counts read; how long training waits for its batches',
    takes: ['only', 'repeats'],
    load: async () => (await import('./data.js')).dataBenchmark,
  },
  evaluate: {
    about: 'ranks of 100,000 queries in 100,000 items, beside NumPy in blocks: time, memory',
    takes: ['only', 'repeats'],
    load: async () => (await import('./evaluate.js')).evaluateBenchmark,
  },
  intervals: {
    about: 'how often 95 % intervals hold the truth, and how often models are told apart, by simulation',
    takes: ['repeats'],
    load: async () => (await import('./intervals.js')).intervalsBenchmark,
  },
  recipes: {
    about: 'every published system trained on a made world, evaluated on 200 unseen tracks: two hours, kept',
    takes: ['only'],
    load: async () => (await import('./recipes.js')).recipesBenchmark,
  },
  int8: {
    about: 'bridge in 8 bits beside bridge: size, time, retrieval',
    takes: ['repeats'],
    load: async () => (await import('./int8.js')).int8Benchmark,
  },
  listeners: {
    about: "a world's listening, left out and found: item similarity beside popularity",
    takes: [],
    load: async () => (await import('./listeners.js')).listenersBenchmark,
  },
}

const VALUES: Readonly<Record<Choice, string>> = {
  music: '--music DIR',
  only: '--only A,B',
  repeats: '--repeats N',
}

const USAGE = `Usage: npm run bench -- NAME [--json FILE] [options]

${Object.entries(BENCHMARKS)
  .map(([name, { about, takes }]) => {
    const options = takes.map((choice) => `[${VALUES[choice]}]`).join(' ')
    return `  ${name.padEnd(9)} ${about}\n            ${options}`
  })
  .join('\n')}

docs/benchmarks.md says what each figure is.`

async function main(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      json: { type: 'string' },
      music: { type: 'string' },
      only: { type: 'string' },
      repeats: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) {
    console.log(USAGE)
    return 0
  }
  const [name, ...more] = positionals
  const benchmark = name === undefined ? undefined : BENCHMARKS[name]
  if (!benchmark || more.length > 0) {
    if (name !== undefined && !benchmark)
      console.error(`Unknown benchmark "${name}" (expected ${Object.keys(BENCHMARKS).join(', ')})\n`)
    console.error(USAGE)
    return 2
  }
  const unused = (Object.keys(VALUES) as Choice[]).filter(
    (choice) => values[choice] !== undefined && !benchmark.takes.includes(choice),
  )
  if (unused.length > 0) {
    const taken = [...benchmark.takes, 'json'].map((choice) => `--${choice}`).join(', ')
    console.error(
      `"${name}" takes no ${unused.map((choice) => `--${choice}`).join(', ')} (it takes ${taken})`,
    )
    return 2
  }
  const repeats = values.repeats === undefined ? undefined : Number(values.repeats)
  if (repeats !== undefined && !(Number.isInteger(repeats) && repeats > 0)) {
    console.error(`--repeats ${values.repeats} is not a number of runs (expected 1, 2, 3 …)`)
    return 2
  }
  const absent =
    'REFERENCES NOT MEASURED: .venv-reference is missing; make it with "npm run bench:setup" (needs Python 3.11 or later).'
  if (!hasReference) console.error(`${absent}\n`)
  const run = await benchmark.load()
  const figures = await run({
    music: values.music === undefined ? undefined : resolve(values.music),
    only: values.only?.split(','),
    repeats,
    say: (line) => console.error(line),
  })
  const here = machine()
  console.log(`\n${name}: ${here.cpu}, ${here.cores} cores, ${here.memoryGb} GB, Node ${here.node}`)
  console.log(table(figures))
  if (values.json !== undefined) {
    mkdirSync(dirname(resolve(values.json)), { recursive: true })
    writeFileSync(values.json, `${JSON.stringify({ bench: name, machine: here, figures }, null, 2)}\n`)
  }
  if (!hasReference) console.error(`\n${absent}`)
  return 0
}

try {
  process.exit(await main(process.argv.slice(2)))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  const code = (error as { code?: string }).code ?? ''
  process.exit(code === 'usage' || code.startsWith('ERR_PARSE_ARGS') ? 2 : 1)
}
