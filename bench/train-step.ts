// Child process of `train` and `gradcache`, the counterpart of tools/reference/train_step.py: takes a training step for
// every line of its standard input, on one batch of the folder after the other. Prints a line of JSON when it is ready,
// and after each step { ms, loss, maxRss }: milliseconds, the loss before the update, the process's peak memory in MB.
//   node train-step.js FOLDER [--pairs N] [--chunk N] [--threads N] [--profile PREFIX]
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { openTrainFolder } from './train-folder.js'
import { trainLoop } from './train-loop.js'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    pairs: { type: 'string' },
    chunk: { type: 'string' },
    threads: { type: 'string', default: '2' },
    /** Where ONNX Runtime writes what each operator took, once the input ends. */
    profile: { type: 'string' },
  },
})
const loop = await trainLoop(openTrainFolder(positionals[0]), {
  ...(values.pairs && { pairs: Number(values.pairs) }),
  ...(values.chunk && { chunk: Number(values.chunk) }),
  engine: {
    threads: Number(values.threads),
    ...(values.profile && { session: { enableProfiling: true, profileFilePrefix: values.profile } }),
  },
})
const say = (line: object): void => console.log(JSON.stringify(line))
say({ ready: true })
for await (const line of createInterface({ input: process.stdin })) {
  void line
  const started = performance.now()
  const loss = await loop.step()
  const ms = performance.now() - started
  say({ ms, loss, maxRss: process.resourceUsage().maxRSS / 1024 })
}
await loop.close()
process.exit(0)
