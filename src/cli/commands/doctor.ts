import { EXIT, type Context, type GlobalOptions } from '../context.js'
import type { Check, DoctorOutput } from '../json.js'
import { jsonText, printable } from '../printable.js'
import { styles } from '../style.js'
import { wrap } from '../table.js'
import { catalogChecks, findCatalog } from '../checks/catalog.js'
import { decoderChecks } from '../checks/decoder.js'
import { machineChecks } from '../checks/machine.js'
import { modelChecks } from '../checks/model.js'

/** `antiphon doctor` */
export async function doctor(options: GlobalOptions, context: Context): Promise<number> {
  const { stdout } = context
  const checks: Check[] = []
  const groups = [machineChecks, decoderChecks, modelChecks, catalogChecks]
  const found = await findCatalog(options, context)
  for (const group of groups)
    for await (const check of group(options, context, found)) {
      checks.push(check)
      if (!options.json) stdout.write(checkText(check, context))
    }
  const ok = checks.every(({ status }) => status !== 'fail')
  if (options.json) stdout.write(`${jsonText({ ok, checks } satisfies DoctorOutput)}\n`)
  else
    stdout.write(
      ok ? 'Everything that is needed works.\n' : 'Something is broken; see the lines that say fail.\n',
    )
  return ok ? EXIT.done : EXIT.failed
}

const STATUS_WIDTH = 4
const NAME_WIDTH = 13
const GAP = '  '
/** Text in fewer columns than this is harder to read than lines that the terminal breaks. */
const NARROWEST_TEXT = 20

function checkText({ name, status, detail, fix }: Check, { stdout }: Context): string {
  const style = styles(stdout)
  const mark = { ok: style.good, warn: style.warn, fail: style.bad }[status](status.padEnd(STATUS_WIDTH))
  const indent = ' '.repeat(STATUS_WIDTH + NAME_WIDTH) + GAP.repeat(2)
  const width = stdout.columns - indent.length
  const lines = [detail, ...(fix === undefined ? [] : [fix])].flatMap((text) =>
    stdout.interactive && width >= NARROWEST_TEXT ? wrap(printable(text), width) : [printable(text)],
  )
  return `${mark}${GAP}${name.padEnd(NAME_WIDTH)}${GAP}${lines.join(`\n${indent}`)}\n`
}
