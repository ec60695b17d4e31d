import { serve } from './child.js'

await serve()
