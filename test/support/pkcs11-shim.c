// A PKCS #11 module that hands everything on to SoftHSM, and behaves badly as the environment variable SHIM says:
// a list of the words below. SHIM_LOG names a file that gets a line for each login. SHIM_PIN is the PIN that somebody enters at its key pad.
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef unsigned long ULONG;
typedef struct { unsigned char major, minor; void *functions[68]; } LIST;

// Places in CK_FUNCTION_LIST.
enum { FINALIZE = 1, GET_FUNCTION_LIST = 3, GET_SLOT_LIST = 4, GET_TOKEN_INFO = 6, LOGIN = 18, FIND_INIT = 26, FIND = 27, DIGEST_KEY = 40, DIGEST_FINAL = 41, SIGN_INIT = 42, SIGN = 43, WRAP = 60 };

// The slot of a card that this module does not know.
#define STRANGE 424242

static LIST real, shim;

static int says(const char *word) {
  const char *words = getenv("SHIM");
  return words != NULL && strstr(words, word) != NULL;
}

static ULONG finalize(void *reserved) {
  if (says("never-unloads")) return 0x5;
  return ((ULONG (*)(void *))real.functions[FINALIZE])(reserved);
}

__attribute__((destructor)) static void unload(void) {
  if (says("never-unloads")) for (;;) pause();
}

static ULONG slot_list(unsigned char present, ULONG *slots, ULONG *count) {
  ULONG rv = ((ULONG (*)(unsigned char, ULONG *, ULONG *))real.functions[GET_SLOT_LIST])(present, slots, count);
  if (rv == 0 && says("strange-card")) {
    if (slots != NULL) slots[*count] = STRANGE;
    *count += 1;
  }
  return rv;
}

static ULONG token_info(ULONG slot, unsigned char *info) {
  if (slot == STRANGE) return 0xE1;
  ULONG rv = ((ULONG (*)(ULONG, unsigned char *))real.functions[GET_TOKEN_INFO])(slot, info);
  ULONG *flags = (ULONG *)(info + 96);
  if (rv == 0 && says("final-try")) *flags |= 0x20000;
  if (rv == 0 && says("locked")) *flags |= 0x40000;
  if (rv == 0 && says("keypad")) *flags |= 0x100;
  return rv;
}

static void note(const char *line) {
  const char *log = getenv("SHIM_LOG");
  if (log == NULL) return;
  int file = open(log, O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (write(file, line, strlen(line)) < 0) abort();
  close(file);
}

static ULONG login(ULONG session, ULONG user, unsigned char *pin, ULONG length) {
  note("login\n");
  if (says("fails-login")) return 0x5;
  if (says("locks")) return 0xA4;
  if (says("keypad") && length == 0) { pin = (unsigned char *)getenv("SHIM_PIN"); length = strlen((char *)pin); }
  return ((ULONG (*)(ULONG, ULONG, unsigned char *, ULONG))real.functions[LOGIN])(session, user, pin, length);
}

// What a library starts has its environment, and ends only by a signal.
static void start_process(void) {
  if (says("forks") && fork() == 0) for (;;) pause();
}

static ULONG find_init(ULONG session, void *template, ULONG count) {
  start_process();
  if (says("hang")) for (;;) pause();
  if (says("crash")) { volatile int *nowhere = NULL; *nowhere = 1; }
  return ((ULONG (*)(ULONG, void *, ULONG))real.functions[FIND_INIT])(session, template, count);
}

static ULONG find(ULONG session, ULONG *objects, ULONG most, ULONG *count) {
  if (says("one-by-one")) most = 1;
  return ((ULONG (*)(ULONG, ULONG *, ULONG, ULONG *))real.functions[FIND])(session, objects, most, count);
}

static ULONG digest_key(ULONG session, ULONG key) {
  if (says("indigestible")) return 0x67;
  return ((ULONG (*)(ULONG, ULONG))real.functions[DIGEST_KEY])(session, key);
}

static ULONG digest_final(ULONG session, unsigned char *out, ULONG *length) {
  ULONG rv = ((ULONG (*)(ULONG, unsigned char *, ULONG *))real.functions[DIGEST_FINAL])(session, out, length);
  if (says("no-digest")) *length = 0;
  if (says("half-digest")) *length /= 2;
  return rv;
}

static ULONG sign(ULONG session, unsigned char *in, ULONG size, unsigned char *out, ULONG *length) {
  ULONG rv = ((ULONG (*)(ULONG, unsigned char *, ULONG, unsigned char *, ULONG *))real.functions[SIGN])(session, in, size, out, length);
  if (says("void-mac")) *length = 0;
  return rv;
}

static ULONG sign_init(ULONG session, void *mechanism, ULONG key) {
  if (says("no-mac")) return 0x68;
  return ((ULONG (*)(ULONG, void *, ULONG))real.functions[SIGN_INIT])(session, mechanism, key);
}

static ULONG wrap(ULONG session, void *mechanism, ULONG by, ULONG key, unsigned char *out, ULONG *length) {
  if (says("removed")) return 0x32;
  if (says("stuck-wrap")) { note("wrap\n"); for (;;) pause(); }
  if (says("broken")) return 0x5;
  ULONG rv = ((ULONG (*)(ULONG, void *, ULONG, ULONG, unsigned char *, ULONG *))real.functions[WRAP])(session, mechanism, by, key, out, length);
  if (rv == 0 && says("cut-short")) *length -= 1;
  return rv;
}

ULONG C_GetFunctionList(LIST **list) {
  void *library = dlopen("/usr/lib/softhsm/libsofthsm2.so", RTLD_NOW);
  LIST *found;
  if (library == NULL || ((ULONG (*)(LIST **))dlsym(library, "C_GetFunctionList"))(&found) != 0) return 5;
  real = *found;
  shim = real;
  shim.functions[FINALIZE] = finalize;
  shim.functions[GET_FUNCTION_LIST] = C_GetFunctionList;
  shim.functions[GET_SLOT_LIST] = slot_list;
  shim.functions[GET_TOKEN_INFO] = token_info;
  shim.functions[LOGIN] = login;
  shim.functions[FIND_INIT] = find_init;
  shim.functions[FIND] = find;
  shim.functions[DIGEST_KEY] = digest_key;
  shim.functions[DIGEST_FINAL] = digest_final;
  shim.functions[SIGN] = sign;
  shim.functions[SIGN_INIT] = sign_init;
  shim.functions[WRAP] = wrap;
  *list = &shim;
  return 0;
}
