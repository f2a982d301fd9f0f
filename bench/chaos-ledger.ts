/** What a receiver has seen, and what is wrong with it. Pure. */

export interface Arrival {
  endpoint: number;
  resource: string;
  /** 1, 2, 3 … in the order in which the events of the resource were recorded. */
  n: number;
  status: number | "never" | "cut";
}

export interface Ledger {
  arrivals: number;
  /** Endpoint and event, answered with a 2xx. */
  delivered: Set<string>;
  /** Arrivals of what had been answered with a 2xx before. */
  repeated: number;
  /** Arrivals before their predecessor was answered with a 2xx, or after a successor had come. */
  disordered: string[];
}

export interface LedgerKeeper extends Ledger {
  note(arrival: Arrival): void;
}

export const deliveryKey = ({ endpoint, resource, n }: Omit<Arrival, "status">) =>
  `${endpoint} ${resource} ${n}`;

export function createLedger(): LedgerKeeper {
  /** Per endpoint and resource: the last that was answered with a 2xx, and the last that came. */
  const chains = new Map<string, { answered: number; came: number }>();
  const ledger: LedgerKeeper = {
    arrivals: 0,
    delivered: new Set(),
    repeated: 0,
    disordered: [],
    note(arrival) {
      const { endpoint, resource, n, status } = arrival;
      const key = deliveryKey(arrival);
      const chain = chains.get(`${endpoint} ${resource}`) ?? { answered: 0, came: 0 };
      chains.set(`${endpoint} ${resource}`, chain);
      ledger.arrivals++;
      if (ledger.delivered.has(key)) ledger.repeated++;
      if (n < chain.came || n > chain.answered + 1)
        ledger.disordered.push(`${key} came after ${chain.came}, answered was ${chain.answered}`);
      chain.came = Math.max(chain.came, n);
      if (status !== 200) return;
      ledger.delivered.add(key);
      chain.answered = Math.max(chain.answered, n);
    },
  };
  return ledger;
}

/** Mulberry32: from 0 to 1, the same row for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
