import process from 'node:process'

// Loaded into every process of the playground: its stdin is a pipe from the playground and ends with it, even when that
// one is killed. Then this process drains as if asked to.
process.stdin.on('error', () => undefined)
process.stdin.once('close', () => process.kill(process.pid, 'SIGTERM'))
process.stdin.resume()
// The pipe alone must not keep a process alive that has ended its work.
if ('unref' in process.stdin && typeof process.stdin.unref === 'function') process.stdin.unref()
