export declare namespace Api { const enum Kind { X = 'x' } }
