/** What the bank remembers: maps by id, written through to a SQLite file where one is named, so that a killed process loses nothing. */
import { DatabaseSync } from "node:sqlite";

/** Records are plain JSON. Instants in them are epoch milliseconds, money is whole pence (safe integers). */
export interface Collection<T> {
  get(id: string): T | undefined;
  /** Also for a change to a record that came from here: what is not set again is not kept. */
  set(id: string, record: T): void;
  delete(id: string): void;
  values(): IterableIterator<T>;
}

export interface Store {
  collection<T>(kind: string): Collection<T>;
  close(): void;
}

/** `path` undefined: in memory alone. The file holds hashes of tokens and the bank's signing key. */
export function openStore(path?: string): Store {
  return path === undefined ? { collection: (kind) => memory(kind), close() {} } : onDisk(path);
}

function memory<T>(_kind: string): Collection<T> {
  const records = new Map<string, T>();
  return {
    get: (id) => records.get(id),
    set: (id, record) => void records.set(id, record),
    delete: (id) => void records.delete(id),
    values: () => records.values(),
  };
}

function onDisk(path: string): Store {
  const db = new DatabaseSync(path);
  // A commit survives the process; only a crash of the machine may take the last ones.
  db.exec(`
    pragma journal_mode = wal;
    pragma synchronous = normal;
    create table if not exists records (kind text, id text, body text not null, primary key (kind, id)) strict
  `);
  const put = db.prepare("insert or replace into records (kind, id, body) values (?, ?, ?)");
  const remove = db.prepare("delete from records where kind = ? and id = ?");
  const read = db.prepare("select id, body from records where kind = ? order by rowid");
  return {
    collection<T>(kind: string): Collection<T> {
      const records = memory<T>(kind);
      for (const row of read.iterate(kind)) {
        const record: T = JSON.parse(String(row["body"]));
        records.set(String(row["id"]), record);
      }
      return {
        ...records,
        set(id, record) {
          put.run(kind, id, JSON.stringify(record));
          records.set(id, record);
        },
        delete(id) {
          remove.run(kind, id);
          records.delete(id);
        },
      };
    },
    close: () => db.close(),
  };
}
