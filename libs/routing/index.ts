export { PrefixTable } from './prefix-table.js'
export { type NextHop, type NextHopChoice, RoutingTable } from './routing-table.js'
