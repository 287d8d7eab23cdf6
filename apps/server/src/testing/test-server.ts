/** How test files reach the one server of a test run; given to them by the global setup. */
interface TestServerAddress {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
}

/** The migrated database that every test database is a copy of. */
export const TEMPLATE_DATABASE = 'pegboard_template';
export const MAINTENANCE_DATABASE = 'postgres';

declare module 'vitest' {
  export interface ProvidedContext {
    testServer: TestServerAddress;
  }
}
