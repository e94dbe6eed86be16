export { IlpMethod } from './ilp/ilp-method.js'
export { LocalMethod } from './local/local-method.js'
export { deliverableFloor, neededCeil, type PathPrice } from './path-price.js'
export {
  type PayError,
  PaymentMethod,
  type PayRequest,
  type PayResult,
  type PriceRequest,
} from './payment-method.js'
export { PaymentMethods } from './payment-methods.js'
export { PaymentMethodsModule } from './payment-methods.module.js'
export { closedBecause, missingAmount, type Receiver } from './receiver.js'
