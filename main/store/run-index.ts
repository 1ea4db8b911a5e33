import { rmSync } from 'node:fs';
import Database from 'libsql';
import { RunRecord } from '#app/protocol/contract.ts';
import { LotkaError } from '#app/protocol/errors.ts';

const schema = 2;

export interface RunQuery {
  /** Words that must all occur in name, id, experiment, preset, status or a parameter (`weightDecay=0.5`). */
  readonly search?: string;
  readonly experiment?: string;
  readonly limit: number;
}

/** What lists and searches read. Holds nothing that the run folders do not: delete it and it is made again. */
export class RunIndex {
  private readonly database: Database.Database;

  private constructor(database: Database.Database) {
    this.database = database;
  }

  /**
   * Opens the index, or a new one if the file is missing, damaged or of another version; in memory where no file can
   * be made (a full disk must not keep anybody from seeing their runs).
   * @param path Null for one that leaves no trace.
   * @throws LotkaError `unavailable` if the database library is not there.
   */
  static open(path: string | null): RunIndex {
    const attempts = path === null ? [] : [() => prepare(path), () => (discard(path), prepare(path))];
    for (const attempt of attempts) {
      try {
        return new RunIndex(attempt());
      } catch {
        // The next attempt starts from less.
      }
    }
    try {
      return new RunIndex(prepare(':memory:'));
    } catch (cause) {
      throw new LotkaError(
        'unavailable',
        'The index of runs cannot be opened: the libsql package is not installed completely; install Lotka again.',
        { cause },
      );
    }
  }

  put(record: RunRecord, modified: number): void {
    this.database
      .prepare('INSERT OR REPLACE INTO runs (id, experiment, created, modified, words, record) VALUES (?, ?, ?, ?, ?, ?)')
      .run(record.id, record.experiment, record.provenance.created, modified, words(record), JSON.stringify(record));
  }

  remove(id: string): void {
    this.database.prepare('DELETE FROM runs WHERE id = ?').run(id);
  }

  get(id: string): RunRecord | null {
    const row = this.database.prepare('SELECT record FROM runs WHERE id = ?').get(id) as { record: string } | undefined;
    return row ? (JSON.parse(row.record) as RunRecord) : null;
  }

  /** Newest first. `total` counts all that match. */
  list(query: RunQuery): { runs: RunRecord[]; total: number } {
    const terms = (query.search ?? '').toLowerCase().split(/\s+/).filter(Boolean);
    const conditions = terms.map(() => "words LIKE ? ESCAPE '\\'");
    const values: (string | number)[] = terms.map((term) => `%${term.replace(/[\\%_]/g, '\\$&')}%`);
    if (query.experiment !== undefined) {
      conditions.push('experiment = ?');
      values.push(query.experiment);
    }
    const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
    const { total } = this.database.prepare(`SELECT COUNT(*) AS total FROM runs ${where}`).get(...values) as { total: number };
    const rows = this.database
      .prepare(`SELECT record FROM runs ${where} ORDER BY created DESC, id DESC LIMIT ?`)
      .all(...values, query.limit) as { record: string }[];
    return { runs: rows.map((row) => JSON.parse(row.record) as RunRecord), total };
  }

  /** Ids with the modification time of the `run.json` they were read from. */
  known(): Map<string, number> {
    const rows = this.database.prepare('SELECT id, modified FROM runs').all() as { id: string; modified: number }[];
    return new Map(rows.map((row) => [row.id, row.modified]));
  }

  /** Does many changes as one. */
  together(changes: () => void): void {
    this.database.transaction(changes)();
  }

  close(): void {
    this.database.close();
  }
}

function discard(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true });
}

function prepare(path: string): Database.Database {
  const database = new Database(path);
  try {
    // The index can be made again at any time, so it need not survive a power failure at the cost of waiting for the disk.
    database.exec('PRAGMA journal_mode = MEMORY');
    database.exec('PRAGMA synchronous = OFF');
    const { user_version: version } = database.prepare('PRAGMA user_version').get() as { user_version: number };
    if (version !== schema) {
      database.exec('DROP TABLE IF EXISTS runs');
      database.exec(
        'CREATE TABLE runs (id TEXT PRIMARY KEY, experiment TEXT NOT NULL, created TEXT NOT NULL, modified REAL NOT NULL, words TEXT NOT NULL, record TEXT NOT NULL)',
      );
      database.exec('CREATE INDEX runs_created ON runs (created)');
      database.exec(`PRAGMA user_version = ${schema}`);
    }
    const sound = database.prepare('PRAGMA quick_check').get() as { quick_check: string };
    if (sound.quick_check !== 'ok') throw new Error('the index is damaged');
    for (const row of database.prepare('SELECT record FROM runs').all() as { record: string }[]) RunRecord.parse(JSON.parse(row.record));
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function words(record: RunRecord): string {
  const parameters = Object.entries(record.parameters).map(
    ([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : String(value)}`,
  );
  return [record.name, record.id, record.experiment, record.preset ?? '', record.status, ...parameters].join(' ').toLowerCase();
}
