// Training killed at ten moments of each run, from the first second to the last step: the model is that of an unbroken run.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  killedAndResumed,
  logOf,
  stepsSoFar,
  TINY,
  trainTiny,
  untilStep,
  VARIANTS,
  writeMusic,
} from './train-fixture.js'

const root = mkdtempSync(join(tmpdir(), 'antiphon-train-long-'))
after(() => rmSync(root, { recursive: true, force: true }))
const music = writeMusic(join(root, 'music'))
const STEPS = 60

for (const [number, [name, variant]] of Object.entries(VARIANTS).entries())
  test(`ten kills: ${name}`, async () => {
    const set = [
      ...variant,
      `schedule.steps=${STEPS}`,
      'schedule.checkpoint_every=4',
      'schedule.validate_every=7',
    ]
    const recipeFile = join(root, 'tiny.yaml')
    await writeFile(recipeFile, TINY)
    const [whole, broken] = [join(root, `whole ${number}`), join(root, `broken ${number}`)]
    await trainTiny({ music, cacheDir: join(root, 'cache', 'whole'), out: whole, set })
    const { code, err } = await killedAndResumed({
      ...{ recipeFile, music, set, out: broken, cacheHome: join(root, `cache ${number}`), kills: 10 },
      // Every other one by the clock: while it starts, decodes, saves or writes the model.
      moment: (kill, ended) =>
        kill % 2 === 0
          ? Promise.race([sleep(200 + 2500 * Math.random()), ended]).then(() => undefined)
          : untilStep(stepsSoFar(broken) + 1 + Math.floor(12 * Math.random()), broken, ended),
    })
    assert.equal(code, 0, err)
    for (const file of ['model/model.safetensors', `checkpoints/step-0000000${STEPS}.safetensors`])
      assert.ok((await readFile(join(broken, file))).equals(await readFile(join(whole, file))), file)
    assert.deepEqual(
      logOf(broken).map(({ step, loss }) => [step, loss]),
      logOf(whole).map(({ step, loss }) => [step, loss]),
    )
  })
