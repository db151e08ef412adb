/* Calls on files that fail, for `tests.faults`: loaded before the C library, so that it also meets
   what Python does not see: tantivy's own writing. Counts the calls on what is below some folders,
   and lets one of them fail; a write after half of its bytes. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdarg.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { FILES = 65536, SEEN = 1 << 20, FOLDERS = 8, LENGTH = 4096 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char folders[FOLDERS][LENGTH];
static int folder_count;
static char ours[FILES];
static char seen[SEEN];
static int seen_count, armed, number, error;

void faults_folder(const char *path) {
    if (folder_count < FOLDERS) {
        strncpy(folders[folder_count], path, LENGTH - 1);
        folder_count++;
    }
}

void faults_begin(int failing, int with) {
    pthread_mutex_lock(&lock);
    seen_count = 0, number = failing, error = with, armed = 1;
    pthread_mutex_unlock(&lock);
}

/* Returns how many calls there were, and forgets the folders. */
int faults_end(void) {
    pthread_mutex_lock(&lock);
    armed = 0, folder_count = 0;
    pthread_mutex_unlock(&lock);
    return seen_count;
}

const char *faults_seen(void) { return seen; }

static int is_ours(const char *path) {
    if (!armed || !path) return 0;
    for (int i = 0; i < folder_count; i++) {
        size_t length = strlen(folders[i]);
        if (!strncmp(path, folders[i], length) && (path[length] == '/' || !path[length])) return 1;
    }
    return 0;
}

static int is_open(int file) { return armed && file >= 0 && file < FILES && ours[file]; }

/* Counts a call of a kind, and tells whether it fails. */
static int fails(char kind) {
    pthread_mutex_lock(&lock);
    if (seen_count < SEEN) seen[seen_count] = kind;
    int is_it = ++seen_count == number;
    pthread_mutex_unlock(&lock);
    if (is_it) errno = error;
    return is_it;
}

#define REAL(type, name, ...) \
    static type (*real)(__VA_ARGS__); \
    if (!real) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static int opened(const char *path, int file) {
    if (file >= 0 && file < FILES) ours[file] = is_ours(path);
    return file;
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) { \
        REAL(int, #name, const char *, int, ...); \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = va_arg(rest, mode_t); \
        va_end(rest); \
        if (is_ours(path) && fails('o')) return -1; \
        return opened(path, real(path, flags, mode)); \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name) \
    int name(int folder, const char *path, int flags, ...) { \
        REAL(int, #name, int, const char *, int, ...); \
        va_list rest; \
        va_start(rest, flags); \
        mode_t mode = va_arg(rest, mode_t); \
        va_end(rest); \
        if (is_ours(path) && fails('o')) return -1; \
        return opened(path, real(folder, path, flags, mode)); \
    }
OPENAT(openat)
OPENAT(openat64)

int close(int file) {
    REAL(int, "close", int);
    int fail = is_open(file) && fails('c');
    if (file >= 0 && file < FILES) ours[file] = 0;
    int result = real(file);
    if (!fail) return result;
    errno = error;
    return -1;
}

ssize_t write(int file, const void *bytes, size_t count) {
    REAL(ssize_t, "write", int, const void *, size_t);
    if (is_open(file) && fails('w')) {
        real(file, bytes, count / 2);
        errno = error;
        return -1;
    }
    return real(file, bytes, count);
}

ssize_t writev(int file, const struct iovec *parts, int count) {
    REAL(ssize_t, "writev", int, const struct iovec *, int);
    if (is_open(file) && fails('w')) return -1;
    return real(file, parts, count);
}

#define READ(name, kind, parameters, ...) \
    ssize_t name parameters { \
        static ssize_t(*real) parameters; \
        if (!real) real = (ssize_t(*) parameters)dlsym(RTLD_NEXT, #name); \
        if (is_open(file) && fails(kind)) return -1; \
        return real(__VA_ARGS__); \
    }
READ(read, 'r', (int file, void *bytes, size_t count), file, bytes, count)
READ(pread, 'r', (int file, void *bytes, size_t count, off_t at), file, bytes, count, at)
READ(pread64, 'r', (int file, void *bytes, size_t count, off64_t at), file, bytes, count, at)

#define SYNC(name, kind) \
    int name(int file) { \
        REAL(int, #name, int); \
        if (is_open(file) && fails(kind)) return -1; \
        return real(file); \
    }
SYNC(fsync, 's')
SYNC(fdatasync, 's')

#define MAP(name, offset) \
    void *name(void *at, size_t length, int protection, int flags, int file, offset from) { \
        REAL(void *, #name, void *, size_t, int, int, int, offset); \
        if (!(flags & MAP_ANONYMOUS) && is_open(file) && fails('m')) return MAP_FAILED; \
        return real(at, length, protection, flags, file, from); \
    }
MAP(mmap, off_t)
MAP(mmap64, off64_t)

int rename(const char *from, const char *to) {
    REAL(int, "rename", const char *, const char *);
    if (is_ours(to) && fails('n')) return -1;
    return real(from, to);
}

int unlink(const char *path) {
    REAL(int, "unlink", const char *);
    if (is_ours(path) && fails('u')) return -1;
    return real(path);
}

int rmdir(const char *path) {
    REAL(int, "rmdir", const char *);
    if (is_ours(path) && fails('u')) return -1;
    return real(path);
}

int mkdir(const char *path, mode_t mode) {
    REAL(int, "mkdir", const char *, mode_t);
    if (is_ours(path) && fails('d')) return -1;
    return real(path, mode);
}
