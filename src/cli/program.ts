import { Command, InvalidArgumentError, Option } from 'commander'
import { AntiphonError } from '../errors/index.js'
import type { Context, GlobalOptions } from './context.js'
import { version } from './version.js'

const EXAMPLES = `
Examples:
  antiphon index ~/Music                     read a folder; later: what is new
  antiphon search "calm solo piano"          ask in words
  antiphon search "jazz trio" --where 'year>=1990' --m3u evening.m3u8
  antiphon search calmer --like song.flac    like this, but calmer
  antiphon similar song.flac                 tracks that sound like this file
  antiphon doctor                            is everything in order?

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 some files failed,
4 catalog locked, 5 model and catalog don't fit together, 130 interrupted.`

const WHERE_HELP = `
FILTER: conditions joined by commas, all of which must hold, over artist, album,
genre, year, duration (seconds or m:ss) and path, with = != >= <= > < and ~
(contains): 'genre=jazz,year>=1990', 'artist="Earth, Wind & Fire"', 'path~live'`

type TargetCommand<Options> = (
  target: string,
  options: Options & GlobalOptions,
  context: Context,
) => Promise<number>

/**
 * The grammar of the command line. Each command's file is loaded when it is called, so that `search` doesn't wait for
 * what `index` needs. `done` receives the exit code.
 */
export function program(context: Context, done: (exitCode: number) => void): Command {
  const root = new Command('antiphon')
    .description('Finds music by what it sounds like, from a query in plain language.')
    .usage('[options] COMMAND')
    .version(version(), '--version', 'print the version')
    .helpOption('-h, --help', 'show help; also: antiphon COMMAND --help')
    .helpCommand(false)
    .addOption(
      new Option(
        '--catalog <dir>',
        'where the catalog is (or ANTIPHON_CATALOG; default: your data directory)',
      ),
    )
    .addOption(
      new Option(
        '--model <model>',
        'model directory or name (or ANTIPHON_MODEL; default: what made the catalog)',
      ),
    )
    .addOption(new Option('--device <device>', 'what computes: cpu (the default), cuda, webgpu, coreml, dml'))
    .option('--json', 'print results as JSON (docs/json.md)')
    .option('--debug', 'show stack traces of errors')
    .addHelpText('after', EXAMPLES)
    .configureHelp({
      showGlobalOptions: true,
      helpWidth: context.stdout.interactive ? Math.min(context.stdout.columns, 110) : 100,
      subcommandTerm: (command) => command.name(), // their arguments are in their own help
    })
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      outputError: () => {}, // `run` prints errors of every kind alike
    })
    .exitOverride()
    .hook('preAction', (_, command) => refuseBlank(command))

  const options = <T>(command: Command) => command.optsWithGlobals<T & GlobalOptions>()
  const withTarget = <T>(load: () => Promise<TargetCommand<T>>) =>
    async function (this: Command, target: string) {
      done(await (await load())(target, options<T>(this), context))
    }
  const limit = (what: string, preset: number) =>
    new Option('-n, --limit <count>', `how many ${what}`).argParser(positiveInteger).default(preset)
  const where = new Option('--where <filter>', "only tracks like these: 'genre=jazz,year>=1990'")
  const m3u = new Option('--m3u <file>', 'also write the result as a playlist; - writes it to stdout')

  root
    .command('index')
    .description('Read folders of music into the catalog, or bring it up to date.')
    .argument('<dirs...>', 'folders or files')
    .addOption(
      new Option('--limit <count>', 'embed at most this many new files now').argParser(positiveInteger),
    )
    .option('--prune', 'forget vanished files even where many are gone')
    .option('--retry', 'try files again that failed before')
    .addOption(workers())
    .action(async function (this: Command, dirs: string[]) {
      done(await (await import('./commands/index-folders.js')).indexFolders(dirs, options(this), context))
    })

  root
    .command('search')
    .description('Find tracks whose best moment fits the words.')
    .argument('<words...>', 'what the music is like, in English')
    .addOption(limit('tracks', 10))
    .addOption(where)
    .option('--like <track>', 'start from this track (id or path): "calmer" --like song.flac')
    .option('--more <words>', 'what it should have more of, as much as the words')
    .option('--less <words>', 'what it should have less of')
    .option('--knowledge <file>', 'a graph of artists and tracks: "similar to Norah Jones but more jazz"')
    .addOption(m3u)
    .addHelpText('after', WHERE_HELP)
    .action(async function (this: Command, words: string[]) {
      done(await (await import('./commands/search.js')).search(words.join(' '), options(this), context))
    })

  root
    .command('similar')
    .description('Find tracks that sound like a track of the catalog, or like any audio file.')
    .argument('<track>', 'id or path of a track, or an audio file')
    .addOption(limit('tracks', 10))
    .addOption(where)
    .addOption(m3u)
    .addHelpText('after', WHERE_HELP)
    .action(withTarget(async () => (await import('./commands/similar.js')).similar))

  root
    .command('tags')
    .description('Say which words fit a track or a file best.')
    .argument('<track>', 'id or path of a track, or an audio file')
    .addOption(limit('words', 10))
    .action(withTarget(async () => (await import('./commands/tags.js')).tags))

  root
    .command('info')
    .description('Say what the catalog holds.')
    .action(async function (this: Command) {
      done(await (await import('./commands/info.js')).info(options(this), context))
    })

  root
    .command('remove')
    .description('Forget a track, or all under a folder. The files stay as they are.')
    .argument('<track|dir>', 'id or path of a track, or a folder')
    .action(withTarget(async () => (await import('./commands/remove.js')).remove))

  root
    .command('export')
    .description('Write the track vectors as a NumPy matrix, and the tracks in the same order as JSON lines.')
    .requiredOption(
      '--npy <prefix|dir>',
      'PREFIX.npy and PREFIX.jsonl, or tracks.npy and tracks.jsonl in DIR',
    )
    .action(async function (this: Command) {
      done(await (await import('./commands/export.js')).exportVectors(options(this), context))
    })

  root
    .command('reindex')
    .description(
      'Embed everything again with another model, beside the old vectors, then swap: reindex --model NAME',
    )
    .option('--prune', "drop the tracks whose files can't be read any more")
    .addOption(workers())
    .action(async function (this: Command) {
      done(await (await import('./commands/reindex.js')).reindex(options(this), context))
    })

  const format = new Option(
    '--format <format>',
    'of the data (default: what it looks like); see: data formats',
  )
  const audio = new Option('--audio <dir>', 'where the audio is (default: beside the words)')
  const subset = new Option('--subset <name>', 'of a data set that has several')

  const data = root
    .command('data')
    .description('What models learn from: check a data set, caption it, make one.')
    .usage('[options] COMMAND')
    .helpCommand(false)

  data
    .command('check')
    .description(
      'Say what a data set holds: hours, texts, words, duplicates, tags, and what is wrong with it.',
    )
    .argument('<path>', 'a folder, a data set, or a mixture in YAML (docs/pairs.md)')
    .addOption(format)
    .addOption(audio)
    .addOption(subset)
    .addOption(
      new Option('--tags <count>', 'how many tags are listed').argParser(positiveInteger).default(20),
    )
    .option('--quick', 'look whether the audio is there, and not into it')
    .action(withTarget(async () => (await import('./commands/data-check.js')).dataCheck))

  data
    .command('caption')
    .description('Write captions out of the tags of a data set, by a grammar or a language model.')
    .argument('<path>', 'a folder, a data set, or a mixture in YAML (docs/pairs.md)')
    .requiredOption('--out <file>', 'JSON lines that are a data set themselves: path, captions, tags, …')
    .addOption(format)
    .addOption(audio)
    .addOption(subset)
    .addOption(
      new Option('--per-track <count>', 'captions of each track').argParser(positiveInteger).default(2),
    )
    .addOption(new Option('--seed <seed>', 'another one, other captions').argParser(wholeNumber).default(1))
    .option(
      '--endpoint <url>',
      "ask the language model --model of a server of OpenAI's form (http://127.0.0.1:8080/v1)",
    )
    .option(
      '--api-key-env <name>',
      'variable of the environment with the API key (default: ANTIPHON_API_KEY)',
    )
    .addOption(
      new Option('--temperature <number>', 'of the language model (default: 0.7)').argParser(temperature),
    )
    .action(withTarget(async () => (await import('./commands/data-caption.js')).dataCaption))

  data
    .command('formats')
    .description('List the formats that are read, where such data come from, and their licences.')
    .action(async function (this: Command) {
      done((await import('./commands/data-formats.js')).dataFormats(options(this), context))
    })

  data
    .command('make')
    .description('Make a data set.')
    .usage('[options] COMMAND')
    .helpCommand(false)
    .command('world')
    .description('Compose and record a world of music: artists, albums, captions, listeners, relations.')
    .requiredOption('--out <dir>', 'a new or empty folder, or one in which this world was begun')
    .addOption(new Option('--pieces <count>', 'how many').argParser(positiveInteger).default(1000))
    .addOption(new Option('--seed <seed>', 'another one makes another world').default('1'))
    .addOption(new Option('--seconds <seconds>', 'of each piece').argParser(positiveInteger).default(30))
    .addOption(new Option('--rate <hertz>', 'sample rate').argParser(positiveInteger).default(22_050))
    .addOption(workers())
    .action(async function (this: Command) {
      done(await (await import('./commands/data-make.js')).dataMakeWorld(options(this), context))
    })

  root
    .command('train')
    .description('Train a model from a recipe, or go on with a run: train --resume DIR')
    .argument('[recipe]', 'a YAML file (docs/training.md)')
    .option('--data <path>', 'music with words: a folder, a data set, or a mixture in YAML (docs/pairs.md)')
    .addOption(format)
    .addOption(audio)
    .addOption(subset)
    .option('--out <dir>', 'where the run and its model are written: a new or empty folder')
    .option('--resume <dir>', 'go on with the run in this folder, from its last checkpoint')
    .option('--variant <name...>', "the recipe's changes by name, one laid over the other: --variant bench")
    .option('--set <key=value...>', 'change the recipe: --set schedule.steps=100 data.batch=16')
    .option('--int8', 'write the model in 8 bits too, and measure what that costs')
    .addOption(
      new Option('--threads <count>', 'threads of the engine (default: cores)').argParser(positiveInteger),
    )
    .action(async function (this: Command, recipe: string | undefined) {
      done(await (await import('./commands/train.js')).train(recipe, options(this), context))
    })

  const protocol = new Option(
    '--protocol <name|file>',
    'how to measure (docs/evaluation.md)',
  ).makeOptionMandatory()
  const measured = new Option('--data <path>', 'where the data of the protocol are').makeOptionMandatory()
  const splitBy = new Option('--split-by <what>', 'measure on the test part of another split').choices([
    'artist',
    'track',
    'part',
  ])
  const samples = new Option('--samples <count>', 'of the bootstrap').argParser(positiveInteger).default(2000)
  const seed = new Option('--seed <seed>', 'of the bootstrap').argParser(wholeNumber).default(0)

  root
    .command('evaluate')
    .description('Measure a model as a protocol says: figures with intervals, and a page of examples.')
    .argument('[model]', 'a directory or name (default: as --model)')
    .addOption(protocol)
    .addOption(measured)
    .addOption(audio)
    .addOption(format)
    .addOption(subset)
    .addOption(splitBy)
    .addOption(samples)
    .addOption(seed)
    .option('--out <dir>', 'write report.json and report.html there')
    .option('--save-vectors <dir>', 'write audio.npy, text.npy and ids.jsonl there')
    .option('--list <file>', 'write what is heard and asked as JSON lines, and measure nothing')
    .option('--without-factors', 'by sound alone, where the model also knows who listens to the pieces')
    .option('--knowledge <file>', 'a graph by which names in the texts are read')
    .action(async function (this: Command, model: string | undefined) {
      done(await (await import('./commands/evaluate.js')).evaluate(model, options(this), context))
    })

  root
    .command('compare')
    .description('Compare models on the same queries: differences with intervals, and who wins where.')
    .argument('[models...]', 'directories or names; the first is what the others are compared with')
    .addOption(protocol)
    .addOption(measured)
    .option(
      '--vectors <files...>',
      'AUDIO.npy TEXT.npy of a model that runs elsewhere, in the order of evaluate --list',
    )
    .addOption(audio)
    .addOption(format)
    .addOption(subset)
    .addOption(splitBy)
    .addOption(samples)
    .addOption(seed)
    .addOption(new Option('--permutations <count>', 'of the test').argParser(positiveInteger).default(10_000))
    .option('--out <dir>', 'write comparison.json and comparison.html there')
    .action(async function (this: Command, models: string[]) {
      done(await (await import('./commands/compare.js')).compare(models, options(this), context))
    })

  root
    .command('doctor')
    .description(
      'Check the machine, the decoder, the model and the catalog, and say how to fix what is wrong.',
    )
    .action(async function (this: Command) {
      done(await (await import('./commands/doctor.js')).doctor(options(this), context))
    })

  return root
}

const MOST_WORKERS = 64

function temperature(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !(value >= 0 && value <= 2)) throw new InvalidArgumentError('Expected 0 to 2.')
  return value
}

function workers(): Option {
  return new Option('--workers <count>', 'threads that embed (default: cores)').argParser((text) => {
    const count = positiveInteger(text)
    if (count > MOST_WORKERS) throw new InvalidArgumentError(`Expected at most ${MOST_WORKERS}.`)
    return count
  })
}

/**
 * An empty argument is a variable of the shell that was not set; as a path it would mean the current folder. Words to
 * search for are not among these: `search` has its own answer to none.
 */
function refuseBlank(command: Command): void {
  const given: [string, unknown][] = [
    ...command.registeredArguments.map((argument, i): [string, unknown] => [
      `<${argument.name()}>`,
      command.processedArgs[i],
    ]),
    ...Object.entries(command.optsWithGlobals()).map(([name, value]): [string, unknown] => [
      `--${name}`,
      value,
    ]),
  ]
  for (const [name, value] of given) {
    const blank = [value].flat().some((text) => typeof text === 'string' && text.trim() === '')
    if (blank && name !== '<words>')
      throw new AntiphonError('usage', `${name} is empty; say what is meant, or leave it out.`)
  }
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('Expected a whole number.')
  return Number(text)
}

function positiveInteger(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError('Expected a whole number from 1 on.')
  return Number(text)
}
