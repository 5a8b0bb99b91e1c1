/*
 * descriptor_codec.h - descriptors as bytes in the catalog relation.
 *
 *     byte 0   version of the format, 1
 *     byte 1   kind (DescKind)
 *     then     the fields of Desc, then those of the kind, each a varint, a zigzag varint, or counted bytes:
 *              docs/formats/catalog.md lists them and has a worked dump
 *
 * The csn under which a version became visible is not in the bytes: the engine stamps it.
 *
 * Ownership   desc_decode() returns a descriptor with one reference; all it points to lives and ends with it.
 * Hostile     any bytes may come: STATUS_CORRUPT, never a crash, memory bounded by their number.
 * Raises      never
 */
#ifndef STORAGE_CATALOG_DESCRIPTOR_CODEC_H
#define STORAGE_CATALOG_DESCRIPTOR_CODEC_H

#include "base/status.h"
#include "storage/catalog/descriptor.h"

/* The bytes of a descriptor in memory from malloc, the caller's to free. */
MUST_CHECK Status desc_encode(const Desc *desc, uint8_t **bytes_out, size_t *size_out, Fault *fault);

/* Reads them back; version becomes the descriptor's. STATUS_FORMAT for a later version of the format. */
MUST_CHECK Status desc_decode(Slice bytes, Csn version, const Desc **desc_out, Fault *fault);

/* Bytes of memory that a decoded descriptor takes. */
size_t desc_memory_bytes(const Desc *desc);

/* An empty descriptor of a kind with one reference, to be filled: for those that are made up, not stored. name is copied. */
MUST_CHECK Status desc_make(DescKind kind, const char *name, Desc **desc_out, Fault *fault);

#endif
