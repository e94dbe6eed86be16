// A process of its own: each of its connections costs the node under test one file descriptor, and not two.
import { connect } from 'node:net'

const [port, count, ...firsts] = process.argv.slice(2)
const total = Number.parseInt(count, 10)
let isOver = 0

function open(first) {
  return new Promise((resolve, reject) => {
    const socket = connect(Number.parseInt(port, 10), '127.0.0.1', () => {
      if (first !== '') socket.write(first)
      resolve()
    })
    socket.on('error', (error) => (socket.connecting ? reject(error) : undefined))
    socket.on('data', () => undefined)
    socket.on('close', () => {
      isOver += 1
      if (isOver === total) process.send?.('over')
    })
  })
}

for (let opened = 0; opened < total; opened += 100) {
  const some = Array.from({ length: Math.min(100, total - opened) }, (_, index) => open(firsts[index % firsts.length]))
  await Promise.all(some)
}
process.send?.('open')
