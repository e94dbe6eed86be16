/** A customer's account at the bank. The node knows the wallet address only, never the balance. */
export interface Customer {
  readonly name: string
  readonly assetCode: string
  readonly assetScale: number
  readonly walletAddress: string
  readonly walletAddressId: string
  balance: bigint
  /** Part of the balance that is promised to payments under way. */
  held: bigint
}

/** The bank's own books, in memory: this is a sample. */
export class Customers {
  private readonly byName = new Map<string, Customer>()

  add(customer: Customer): void {
    this.byName.set(customer.name, customer)
  }

  all(): Customer[] {
    return [...this.byName.values()]
  }

  named(name: string): Customer {
    const customer = this.byName.get(name)
    if (!customer) throw new Error(`there is no customer "${name}"; there are: ${[...this.byName.keys()].join(', ')}`)
    return customer
  }

  withWallet(walletAddressId: string): Customer {
    const customer = this.all().find((each) => each.walletAddressId === walletAddressId)
    if (!customer) throw new Error(`no customer has the wallet address ${walletAddressId}`)
    return customer
  }
}

/** Sets the money of a payment aside; false when there is not enough. */
export function hold(customer: Customer, amount: bigint): boolean {
  if (customer.balance - customer.held < amount) return false
  customer.held += amount
  return true
}

/** Ends a hold: `spent` of it has left, the rest is the customer's again. */
export function release(customer: Customer, held: bigint, spent: bigint): void {
  customer.held -= held
  customer.balance -= spent
}

export function credit(customer: Customer, amount: bigint): void {
  customer.balance += amount
}
