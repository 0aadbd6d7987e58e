/** No answer of the gateway came: no network, a timeout, or a page of something between. */
export class NetworkError extends Error {
    override name = "NetworkError";
}

/** Tells the time; `systemTime` does. */
export interface Time {
    /** Seconds that never go back, from any moment on. */
    monotonic(): number;

    /** The device's clock in Unix seconds, which may be wrong. */
    now(): number;

    /** Ends after so many seconds; rejects with an AbortError once the signal is aborted. */
    delay(seconds: number, signal?: AbortSignal): Promise<void>;
}

export const systemTime: Time = {
    monotonic: () => performance.now() / 1000,
    now: () => Date.now() / 1000,
    delay: (seconds, signal) =>
        new Promise((resolve, reject) => {
            if (signal?.aborted) return reject(aborted());
            const stop = (): void => {
                clearTimeout(timer);
                reject(aborted());
            };
            const timer = setTimeout(() => {
                signal?.removeEventListener("abort", stop);
                resolve();
            }, seconds * 1000);
            signal?.addEventListener("abort", stop, { once: true });
        }),
};

/** What a wait ends with that the game has stopped. */
export function aborted(): Error {
    const error = new Error("It was stopped.");
    error.name = "AbortError";
    return error;
}

/** Keeps texts by name over restarts. `browserStorage()`, `FileStorage` and `MemoryStorage` do. */
export interface DeviceStorage {
    /** The text; null if there is none. */
    read(name: string): string | null;

    /** Keep a text, all of it or nothing, and return once it is safe. Throws if it cannot be kept. */
    write(name: string, text: string): void;

    remove(name: string): void;

    /** The names that begin so, in their order. */
    names(prefix: string): string[];
}

/** Keeps nothing over a restart. */
export class MemoryStorage implements DeviceStorage {
    private readonly texts = new Map<string, string>();

    read(name: string): string | null {
        return this.texts.get(name) ?? null;
    }

    write(name: string, text: string): void {
        this.texts.set(name, text);
    }

    remove(name: string): void {
        this.texts.delete(name);
    }

    names(prefix: string): string[] {
        return [...this.texts.keys()].filter((name) => name.startsWith(prefix)).sort();
    }
}

/** The browser's localStorage, which all tabs of a site share. */
export class LocalStorage implements DeviceStorage {
    constructor(private readonly storage: Storage = localStorage, private readonly prefix = "liveops-") {}

    read(name: string): string | null {
        return this.storage.getItem(this.prefix + name);
    }

    write(name: string, text: string): void {
        this.storage.setItem(this.prefix + name, text);
    }

    remove(name: string): void {
        this.storage.removeItem(this.prefix + name);
    }

    names(prefix: string): string[] {
        return Object.keys(this.storage)
            .filter((name) => name.startsWith(this.prefix + prefix))
            .map((name) => name.slice(this.prefix.length))
            .sort();
    }
}

/** localStorage; memory where the browser keeps nothing for this page. */
export function browserStorage(): DeviceStorage {
    try {
        const storage = new LocalStorage();
        storage.write("probe", "");
        storage.remove("probe");
        return storage;
    } catch {
        return new MemoryStorage();
    }
}

/** What `FileStorage` needs of `node:fs`. */
export interface FileSystem {
    mkdirSync(path: string, options: { recursive: true }): unknown;
    existsSync(path: string): boolean;
    readFileSync(path: string, encoding: "utf8"): string;
    readdirSync(path: string): string[];
    openSync(path: string, flags: "w"): number;
    writeSync(file: number, text: string): number;
    fsyncSync(file: number): void;
    closeSync(file: number): void;
    renameSync(from: string, to: string): void;
    rmSync(path: string, options: { force: true }): void;
}

/** Files in a folder, for Node and Electron: `new FileStorage(fs, folder)` with `import * as fs from "node:fs"`. */
export class FileStorage implements DeviceStorage {
    constructor(private readonly fs: FileSystem, private readonly folder: string) {
        fs.mkdirSync(folder, { recursive: true });
    }

    read(name: string): string | null {
        const path = `${this.folder}/${name}`;
        return this.fs.existsSync(path) ? this.fs.readFileSync(path, "utf8") : null;
    }

    write(name: string, text: string): void {
        const path = `${this.folder}/${name}`;
        const file = this.fs.openSync(`${path}.new`, "w");
        try {
            this.fs.writeSync(file, text);
            this.fs.fsyncSync(file);
        } finally {
            this.fs.closeSync(file);
        }
        this.fs.renameSync(`${path}.new`, path);
    }

    remove(name: string): void {
        this.fs.rmSync(`${this.folder}/${name}`, { force: true });
    }

    names(prefix: string): string[] {
        return this.fs
            .readdirSync(this.folder)
            .filter((name) => name.startsWith(prefix) && !name.endsWith(".new"))
            .sort();
    }
}
