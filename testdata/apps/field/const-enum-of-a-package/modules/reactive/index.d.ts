export declare function ref<T> (x: T): { value: T }
export declare const enum Ops { Add = 'add', Set = 'set' }
export declare const enum Flags { None = 0, Skip = 1 << 0, Raw = Skip | 2 }
