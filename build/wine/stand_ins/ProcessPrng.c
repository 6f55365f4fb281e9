/* For the bench alone. Programs in Rust ask bcryptprimitives.dll for random bytes; Wine 8 has no
   such library, but has the older function that gives the same. */
#include <windows.h>
#include <ntsecapi.h>

__declspec(dllexport) BOOL WINAPI ProcessPrng(BYTE *bytes, SIZE_T count) {
    return RtlGenRandom(bytes, (ULONG)count);
}
