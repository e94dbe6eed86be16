import { buildSchema } from 'graphql'
import { describe, expect, it } from 'vitest'
import { readSchema } from './schema.js'

const schema = buildSchema(readSchema())

// Names of Rafiki's admin API, August 2026.
const queries = `asset assetByCodeAndScale assets peer peerByAddressAndAsset peers walletAddress walletAddressByUrl
  walletAddresses quote outgoingPayment outgoingPayments incomingPayment incomingPayments webhookEvents payments
  accountingTransfers receiver tenant tenants whoami`
const mutations = `createAsset updateAsset deleteAsset depositAssetLiquidity createAssetLiquidityWithdrawal createPeer
  updatePeer deletePeer depositPeerLiquidity createPeerLiquidityWithdrawal postLiquidityWithdrawal
  voidLiquidityWithdrawal createWalletAddress updateWalletAddress createWalletAddressKey createTenantSettings
  revokeWalletAddressKey createIncomingPayment createReceiver completeReceiver updateIncomingPayment createQuote
  createOutgoingPayment cancelOutgoingPayment createOutgoingPaymentFromIncomingPayment depositEventLiquidity
  withdrawEventLiquidity createIncomingPaymentWithdrawal createOutgoingPaymentWithdrawal
  depositOutgoingPaymentLiquidity createWalletAddressWithdrawal setFee approveIncomingPayment cancelIncomingPayment
  createTenant updateTenant deleteTenant`
// What they are about is not here: auto-peering, decisions on single packets.
const absent = 'createOrUpdatePeerByUrl confirmPartialIncomingPayment rejectPartialIncomingPayment'

const names = (text: string) => text.split(/\s+/)

describe('the schema has Rafiki’s operations', () => {
  it('to ask', () => {
    expect(Object.keys(schema.getQueryType()?.getFields() ?? {})).toEqual(expect.arrayContaining(names(queries)))
  })

  it('to change', () => {
    expect(Object.keys(schema.getMutationType()?.getFields() ?? {})).toEqual(expect.arrayContaining(names(mutations)))
  })

  it('but none that would do nothing', () => {
    const own = schema.getMutationType()?.getFields() ?? {}
    expect(names(absent).filter((name) => name in own)).toEqual([])
  })
})
