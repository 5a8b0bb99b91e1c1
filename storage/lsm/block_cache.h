/* placeholder until tables come in this series */
#ifndef STORAGE_LSM_BLOCK_CACHE_H
#define STORAGE_LSM_BLOCK_CACHE_H
static inline void block_cache_release(void *block) { (void)block; }
#endif
