#!/usr/bin/env node
import { argumentsOfProcess, isTooLong, runAgain } from './long-command-line.js'
import { runProcess, systemContext } from './process.js'

const args = argumentsOfProcess()
if (isTooLong(process.argv)) await runAgain(args)
else await runProcess(args, systemContext())
