export type GenerateErrorCode = 'bad_option' | 'bad_change' | 'folder_in_use' | 'write_failed' | 'aborted';

/** Why a network could not be generated: `message` says what and where, `hint` how to mend it. */
export class GenerateError extends Error {
  readonly code: GenerateErrorCode;
  readonly hint: string | null;

  constructor(code: GenerateErrorCode, message: string, hint: string | null = null, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'GenerateError';
    this.code = code;
    this.hint = hint;
  }
}
