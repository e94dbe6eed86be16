import type { ReplyWire } from '@kivuko/connector'
import type { NodeStores } from './node-stores.js'
import type { SimulatedProcess } from './simulated-process.js'

interface Listener {
  readonly process: SimulatedProcess
  readonly take: (text: string) => Promise<void>
}

/** Carries texts between the processes of a node, through its tables. */
export class NodeWire {
  private readonly listeners = new Map<string, Listener>()

  constructor(private readonly stores: NodeStores) {}

  endOf(process: SimulatedProcess): ReplyWire {
    return {
      hear: (name, take) => {
        this.listeners.set(name, { process, take })
      },
      tell: (name, text) => this.stores.callTables(process, 'tell another process', [], () => this.deliver(name, text)),
    }
  }

  private deliver(name: string, text: string): void {
    const listener = this.listeners.get(name)
    if (listener?.process.isAlive) void listener.take(text)
  }
}
