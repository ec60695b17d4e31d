#!/usr/bin/env node
import { systemContext, runProcess } from './process.js'

await runProcess(systemContext())
