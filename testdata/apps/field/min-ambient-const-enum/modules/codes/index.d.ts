export declare const enum Code { Ok = 200, Gone = 410 }
export declare function send(c: Code): string
