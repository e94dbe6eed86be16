/**
 * What Rafiki's admin API (August 2026) has of the operations that this node has too: names, arguments, fields and their
 * types. `...page` stands for the five arguments of a page. Without auto-peering and decisions on single packets.
 */
export const queries = `
asset(id: String!): Asset
assetByCodeAndScale(code: String!, scale: UInt8!): Asset
assets(...page, tenantId: String): AssetsConnection!
peer(id: String!): Peer
peerByAddressAndAsset(staticIlpAddress: String!, assetId: String!): Peer
peers(...page, tenantId: ID): PeersConnection!
walletAddress(id: String!): WalletAddress
walletAddressByUrl(url: String!): WalletAddress
walletAddresses(...page, tenantId: String): WalletAddressesConnection!
quote(id: String!): Quote
outgoingPayment(id: String!): OutgoingPayment
outgoingPayments(...page, filter: OutgoingPaymentFilter, tenantId: String): OutgoingPaymentConnection!
incomingPayment(id: String!): IncomingPayment
incomingPayments(...page, filter: IncomingPaymentFilter, tenantId: String): IncomingPaymentConnection!
webhookEvents(...page, filter: WebhookEventFilter, tenantId: String): WebhookEventsConnection!
payments(...page, filter: PaymentFilter, tenantId: String): PaymentConnection!
accountingTransfers(id: String!, limit: Int): AccountingTransferConnection!
receiver(id: String!): Receiver
tenant(id: String!): Tenant!
tenants(...page): TenantsConnection!
whoami: WhoamiResponse!
`

export const mutations = `
createAsset(input: CreateAssetInput!): AssetMutationResponse!
updateAsset(input: UpdateAssetInput!): AssetMutationResponse!
deleteAsset(input: DeleteAssetInput!): DeleteAssetMutationResponse!
depositAssetLiquidity(input: DepositAssetLiquidityInput!): LiquidityMutationResponse
createAssetLiquidityWithdrawal(input: CreateAssetLiquidityWithdrawalInput!): LiquidityMutationResponse
createPeer(input: CreatePeerInput!): CreatePeerMutationResponse!
updatePeer(input: UpdatePeerInput!): UpdatePeerMutationResponse!
deletePeer(input: DeletePeerInput!): DeletePeerMutationResponse!
depositPeerLiquidity(input: DepositPeerLiquidityInput!): LiquidityMutationResponse
createPeerLiquidityWithdrawal(input: CreatePeerLiquidityWithdrawalInput!): LiquidityMutationResponse
postLiquidityWithdrawal(input: PostLiquidityWithdrawalInput!): LiquidityMutationResponse
voidLiquidityWithdrawal(input: VoidLiquidityWithdrawalInput!): LiquidityMutationResponse
createWalletAddress(input: CreateWalletAddressInput!): CreateWalletAddressMutationResponse!
updateWalletAddress(input: UpdateWalletAddressInput!): UpdateWalletAddressMutationResponse!
createWalletAddressKey(input: CreateWalletAddressKeyInput!): CreateWalletAddressKeyMutationResponse
createTenantSettings(input: CreateTenantSettingsInput!): CreateTenantSettingsMutationResponse
revokeWalletAddressKey(input: RevokeWalletAddressKeyInput!): RevokeWalletAddressKeyMutationResponse
createIncomingPayment(input: CreateIncomingPaymentInput!): IncomingPaymentResponse!
createReceiver(input: CreateReceiverInput!): CreateReceiverResponse!
completeReceiver(input: CompleteReceiverInput!): CompleteReceiverResponse!
updateIncomingPayment(input: UpdateIncomingPaymentInput!): IncomingPaymentResponse!
createQuote(input: CreateQuoteInput!): QuoteResponse!
createOutgoingPayment(input: CreateOutgoingPaymentInput!): OutgoingPaymentResponse!
cancelOutgoingPayment(input: CancelOutgoingPaymentInput!): OutgoingPaymentResponse!
createOutgoingPaymentFromIncomingPayment(input: CreateOutgoingPaymentFromIncomingPaymentInput!): OutgoingPaymentResponse!
depositEventLiquidity(input: DepositEventLiquidityInput!): LiquidityMutationResponse
withdrawEventLiquidity(input: WithdrawEventLiquidityInput!): LiquidityMutationResponse
createIncomingPaymentWithdrawal(input: CreateIncomingPaymentWithdrawalInput!): LiquidityMutationResponse
createOutgoingPaymentWithdrawal(input: CreateOutgoingPaymentWithdrawalInput!): LiquidityMutationResponse
depositOutgoingPaymentLiquidity(input: DepositOutgoingPaymentLiquidityInput!): LiquidityMutationResponse
createWalletAddressWithdrawal(input: CreateWalletAddressWithdrawalInput!): WalletAddressWithdrawalMutationResponse
triggerWalletAddressEvents(input: TriggerWalletAddressEventsInput!): TriggerWalletAddressEventsMutationResponse!
setFee(input: SetFeeInput!): SetFeeResponse!
approveIncomingPayment(input: ApproveIncomingPaymentInput!): ApproveIncomingPaymentResponse!
cancelIncomingPayment(input: CancelIncomingPaymentInput!): CancelIncomingPaymentResponse!
createTenant(input: CreateTenantInput!): TenantMutationResponse!
updateTenant(input: UpdateTenantInput!): TenantMutationResponse!
deleteTenant(id: String!): DeleteTenantMutationResponse!
`

export const outputs = `
Asset { id: ID!, code: String!, scale: UInt8!, liquidity: UInt64, withdrawalThreshold: UInt64,
   liquidityThreshold: UInt64, receivingFee: Fee, sendingFee: Fee, fees(...page): FeesConnection,
   createdAt: String!, tenant: Tenant }
Fee { id: ID!, assetId: ID!, type: FeeType!, fixed: UInt64!, basisPoints: Int!, createdAt: String! }
FeesConnection { pageInfo: PageInfo!, edges: [FeeEdge!]! }
PageInfo { endCursor: String, hasNextPage: Boolean!, hasPreviousPage: Boolean!, startCursor: String }
FeeEdge { node: Fee!, cursor: String! }
Tenant { id: ID!, email: String, apiSecret: String!, idpConsentUrl: String, idpSecret: String, publicName: String,
   createdAt: String!, deletedAt: String, settings: [TenantSetting!]! }
TenantSetting { key: TenantSettingKey!, value: String! }
AssetsConnection { pageInfo: PageInfo!, edges: [AssetEdge!]! }
AssetEdge { node: Asset!, cursor: String! }
Peer { id: ID!, maxPacketAmount: UInt64, http: Http!, asset: Asset!, staticIlpAddress: String!, name: String,
   liquidityThreshold: UInt64, liquidity: UInt64, createdAt: String!, routes: [String!]!, tenant: Tenant }
Http { outgoing: HttpOutgoing! }
HttpOutgoing { authToken: String!, endpoint: String! }
PeersConnection { pageInfo: PageInfo!, edges: [PeerEdge!]! }
PeerEdge { node: Peer!, cursor: String! }
WalletAddress { id: ID!, asset: Asset!, liquidity: UInt64, address: String!, publicName: String,
   incomingPayments(...page, filter: IncomingPaymentFilter): IncomingPaymentConnection,
   quotes(...page): QuoteConnection, outgoingPayments(...page): OutgoingPaymentConnection, createdAt: String!,
   status: WalletAddressStatus!, walletAddressKeys(...page): WalletAddressKeyConnection,
   additionalProperties: [AdditionalProperty], tenant: Tenant }
IncomingPaymentConnection { pageInfo: PageInfo!, edges: [IncomingPaymentEdge!]! }
IncomingPaymentEdge { node: IncomingPayment!, cursor: String! }
IncomingPayment { id: ID!, url: String!, walletAddressId: ID!, client: String, liquidity: UInt64,
   state: IncomingPaymentState!, expiresAt: String!, incomingAmount: Amount, receivedAmount: Amount!,
   metadata: JSONObject, createdAt: String!, senderWalletAddress: String, tenant: Tenant,
   cancellationReason: String, cancelledAt: String }
Amount { value: UInt64!, assetCode: String!, assetScale: UInt8! }
QuoteConnection { pageInfo: PageInfo!, edges: [QuoteEdge!]! }
QuoteEdge { node: Quote!, cursor: String! }
Quote { id: ID!, tenantId: ID!, walletAddressId: ID!, receiver: String!, debitAmount: Amount!,
   receiveAmount: Amount!, createdAt: String!, expiresAt: String!, estimatedExchangeRate: Float }
OutgoingPaymentConnection { pageInfo: PageInfo!, edges: [OutgoingPaymentEdge!]! }
OutgoingPaymentEdge { node: OutgoingPayment!, cursor: String! }
OutgoingPayment { id: ID!, walletAddressId: ID!, client: String, liquidity: UInt64, state: OutgoingPaymentState!,
   error: String, stateAttempts: Int!, debitAmount: Amount!, receiveAmount: Amount!, receiver: String!,
   metadata: JSONObject, quote: Quote, sentAmount: Amount!, createdAt: String!, grantId: String, tenant: Tenant }
WalletAddressKeyConnection { pageInfo: PageInfo!, edges: [WalletAddressKeyEdge!]! }
WalletAddressKeyEdge { node: WalletAddressKey!, cursor: String! }
WalletAddressKey { id: ID!, walletAddressId: ID!, jwk: Jwk!, revoked: Boolean!, createdAt: String! }
Jwk { kid: String!, x: String!, alg: Alg!, kty: Kty!, crv: Crv! }
AdditionalProperty { key: String!, value: String!, visibleInOpenPayments: Boolean! }
WalletAddressesConnection { pageInfo: PageInfo!, edges: [WalletAddressEdge!]! }
WalletAddressEdge { node: WalletAddress!, cursor: String! }
WebhookEventsConnection { pageInfo: PageInfo!, edges: [WebhookEventsEdge!]! }
WebhookEventsEdge { node: WebhookEvent!, cursor: String! }
WebhookEvent { id: ID!, tenant: Tenant, type: String!, data: JSONObject!, createdAt: String! }
PaymentConnection { pageInfo: PageInfo!, edges: [PaymentEdge!]! }
PaymentEdge { node: Payment!, cursor: String! }
Payment { id: ID!, type: PaymentType!, walletAddressId: ID!, client: String, state: String!, liquidity: UInt64,
   metadata: JSONObject, createdAt: String!, tenant: Tenant }
AccountingTransferConnection { debits: [AccountingTransfer!]!, credits: [AccountingTransfer!]! }
AccountingTransfer { id: ID!, debitAccountId: ID!, creditAccountId: ID!, amount: UInt64!,
   transferType: TransferType!, ledger: UInt8!, createdAt: String!, state: TransferState!, expiresAt: String }
Receiver { id: String!, walletAddressUrl: String!, completed: Boolean!, incomingAmount: Amount,
   receivedAmount: Amount!, expiresAt: String, metadata: JSONObject, createdAt: String! }
TenantsConnection { pageInfo: PageInfo!, edges: [TenantEdge!]! }
TenantEdge { node: Tenant!, cursor: String! }
WhoamiResponse { id: String!, isOperator: Boolean! }
AssetMutationResponse { asset: Asset }
DeleteAssetMutationResponse { asset: Asset }
LiquidityMutationResponse { success: Boolean! }
CreatePeerMutationResponse { peer: Peer }
UpdatePeerMutationResponse { peer: Peer }
DeletePeerMutationResponse { success: Boolean! }
CreateWalletAddressMutationResponse { walletAddress: WalletAddress }
UpdateWalletAddressMutationResponse { walletAddress: WalletAddress }
CreateWalletAddressKeyMutationResponse { walletAddressKey: WalletAddressKey }
CreateTenantSettingsMutationResponse { settings: [TenantSetting!]! }
RevokeWalletAddressKeyMutationResponse { walletAddressKey: WalletAddressKey }
IncomingPaymentResponse { payment: IncomingPayment }
CreateReceiverResponse { receiver: Receiver }
CompleteReceiverResponse { receiver: Receiver }
QuoteResponse { quote: Quote }
OutgoingPaymentResponse { payment: OutgoingPayment }
WalletAddressWithdrawalMutationResponse { withdrawal: WalletAddressWithdrawal }
WalletAddressWithdrawal { id: ID!, amount: UInt64!, walletAddress: WalletAddress! }
TriggerWalletAddressEventsMutationResponse { count: Int }
SetFeeResponse { fee: Fee }
ApproveIncomingPaymentResponse { payment: IncomingPayment }
CancelIncomingPaymentResponse { payment: IncomingPayment }
TenantMutationResponse { tenant: Tenant! }
DeleteTenantMutationResponse { success: Boolean! }
`

export const inputs = `
IncomingPaymentFilter { initiatedBy: FilterString }
FilterString { in: [String!], notIn: [String!] }
OutgoingPaymentFilter { receiver: FilterString, walletAddressId: FilterString, state: FilterString }
WebhookEventFilter { type: FilterString }
PaymentFilter { type: FilterString, walletAddressId: FilterString }
CreateAssetInput { code: String!, scale: UInt8!, withdrawalThreshold: UInt64, liquidityThreshold: UInt64,
   idempotencyKey: String, tenantId: ID }
UpdateAssetInput { id: String!, withdrawalThreshold: UInt64, liquidityThreshold: UInt64, idempotencyKey: String }
DeleteAssetInput { id: ID!, idempotencyKey: String }
DepositAssetLiquidityInput { assetId: String!, amount: UInt64!, id: String!, idempotencyKey: String! }
CreateAssetLiquidityWithdrawalInput { assetId: String!, amount: UInt64!, id: String!, idempotencyKey: String!,
   timeoutSeconds: UInt64! }
CreatePeerInput { maxPacketAmount: UInt64, http: HttpInput!, assetId: String!, staticIlpAddress: String!,
   name: String, liquidityThreshold: UInt64, initialLiquidity: UInt64, idempotencyKey: String, routes: [String!] }
HttpInput { incoming: HttpIncomingInput, outgoing: HttpOutgoingInput! }
HttpIncomingInput { authTokens: [String!]! }
HttpOutgoingInput { authToken: String!, endpoint: String! }
UpdatePeerInput { id: String!, maxPacketAmount: UInt64, http: HttpInput, staticIlpAddress: String, name: String,
   liquidityThreshold: UInt64, idempotencyKey: String, routes: [String!] }
DeletePeerInput { id: ID!, idempotencyKey: String }
DepositPeerLiquidityInput { peerId: String!, amount: UInt64!, id: String!, idempotencyKey: String! }
CreatePeerLiquidityWithdrawalInput { peerId: String!, amount: UInt64!, id: String!, idempotencyKey: String!,
   timeoutSeconds: UInt64! }
PostLiquidityWithdrawalInput { withdrawalId: String!, idempotencyKey: String! }
VoidLiquidityWithdrawalInput { withdrawalId: String!, idempotencyKey: String! }
CreateWalletAddressInput { tenantId: ID, assetId: String!, address: String!, publicName: String,
   idempotencyKey: String, additionalProperties: [AdditionalPropertyInput!] }
AdditionalPropertyInput { key: String!, value: String!, visibleInOpenPayments: Boolean! }
UpdateWalletAddressInput { id: ID!, publicName: String, status: WalletAddressStatus, idempotencyKey: String,
   additionalProperties: [AdditionalPropertyInput!] }
CreateWalletAddressKeyInput { walletAddressId: String!, jwk: JwkInput!, idempotencyKey: String }
JwkInput { kid: String!, x: String!, alg: Alg!, kty: Kty!, crv: Crv! }
CreateTenantSettingsInput { settings: [TenantSettingInput!]! }
TenantSettingInput { key: TenantSettingKey!, value: String! }
RevokeWalletAddressKeyInput { id: String!, idempotencyKey: String }
CreateIncomingPaymentInput { walletAddressId: String!, expiresAt: String, metadata: JSONObject,
   incomingAmount: AmountInput, idempotencyKey: String, isCardPayment: Boolean, senderWalletAddress: String }
AmountInput { value: UInt64!, assetCode: String!, assetScale: UInt8! }
CreateReceiverInput { walletAddressUrl: String!, expiresAt: String, incomingAmount: AmountInput,
   metadata: JSONObject, idempotencyKey: String }
CompleteReceiverInput { incomingPaymentUrl: String! }
UpdateIncomingPaymentInput { id: ID!, metadata: JSONObject! }
CreateQuoteInput { walletAddressId: String!, debitAmount: AmountInput, receiveAmount: AmountInput,
   receiver: String!, idempotencyKey: String }
CreateOutgoingPaymentInput { walletAddressId: String!, quoteId: String!, metadata: JSONObject,
   idempotencyKey: String }
CancelOutgoingPaymentInput { id: ID!, reason: String, cardPaymentFailureReason: CardPaymentFailureReason }
CreateOutgoingPaymentFromIncomingPaymentInput { walletAddressId: String!, incomingPayment: String!,
   debitAmount: AmountInput, metadata: JSONObject, idempotencyKey: String, cardDetails: CardDetailsInput }
CardDetailsInput { data: JSONObject!, requestId: String!, initiatedAt: String! }
DepositEventLiquidityInput { eventId: String!, idempotencyKey: String! }
WithdrawEventLiquidityInput { eventId: String!, idempotencyKey: String! }
CreateIncomingPaymentWithdrawalInput { incomingPaymentId: String!, idempotencyKey: String!, timeoutSeconds: UInt64! }
CreateOutgoingPaymentWithdrawalInput { outgoingPaymentId: String!, idempotencyKey: String!, timeoutSeconds: UInt64! }
DepositOutgoingPaymentLiquidityInput { outgoingPaymentId: String!, idempotencyKey: String!, dataToTransmit: String }
CreateWalletAddressWithdrawalInput { walletAddressId: String!, id: String!, idempotencyKey: String!,
   timeoutSeconds: UInt64! }
TriggerWalletAddressEventsInput { limit: Int!, idempotencyKey: String }
SetFeeInput { assetId: ID!, type: FeeType!, fee: FeeDetails!, idempotencyKey: String }
FeeDetails { fixed: UInt64!, basisPoints: Int! }
ApproveIncomingPaymentInput { id: ID! }
CancelIncomingPaymentInput { id: ID!, cancellationReason: String }
CreateTenantInput { id: ID, email: String, apiSecret: String!, idpConsentUrl: String, idpSecret: String,
   publicName: String, settings: [TenantSettingInput!] }
UpdateTenantInput { id: ID!, email: String, apiSecret: String, idpConsentUrl: String, idpSecret: String,
   publicName: String }
`

export const enums = `
FeeType { SENDING RECEIVING }
SortOrder { ASC DESC }
TenantSettingKey { EXCHANGE_RATES_URL WEBHOOK_URL WEBHOOK_TIMEOUT WEBHOOK_MAX_RETRY WALLET_ADDRESS_URL ILP_ADDRESS }
IncomingPaymentState { PENDING PROCESSING COMPLETED EXPIRED }
OutgoingPaymentState { FUNDING SENDING COMPLETED FAILED CANCELLED }
WalletAddressStatus { INACTIVE ACTIVE }
Alg { EdDSA }
Kty { OKP }
Crv { Ed25519 }
PaymentType { INCOMING OUTGOING }
TransferType { DEPOSIT WITHDRAWAL TRANSFER }
TransferState { PENDING POSTED VOIDED }
CardPaymentFailureReason { invalid_signature invalid_request }
LiquidityError { AlreadyPosted AlreadyVoided AmountZero InsufficientBalance InvalidId TransferExists UnknownAsset
   UnknownIncomingPayment UnknownOutgoingPayment UnknownPayment UnknownWalletAddress UnknownPeer UnknownTransfer }
`
