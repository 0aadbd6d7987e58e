#pragma once

#ifndef ENGINE_MAJOR_VERSION
#define ENGINE_MAJOR_VERSION 5
#define ENGINE_MINOR_VERSION 4
#endif
