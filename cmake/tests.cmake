# Every tests/unit/test_NAME.c is a cmocka program and a ctest of that name; nothing to register.
# Every tests/fuzz/fuzz_NAME.c is a libFuzzer program; every tests/bench/bench_NAME.c a program on its own.
enable_testing()

if(FLOW_TESTS)
  pkg_check_modules(cmocka REQUIRED IMPORTED_TARGET cmocka)
  file(GLOB unit_tests CONFIGURE_DEPENDS tests/unit/test_*.c)
  foreach(source ${unit_tests})
    cmake_path(GET source STEM name)
    add_executable(${name} ${source})
    target_compile_options(${name} PRIVATE ${FLOW_WARNINGS})
    target_compile_definitions(${name} PRIVATE FLOW_SOURCE_FOLDER="${CMAKE_SOURCE_DIR}")
    # A group, because each needs the other: documents read the spec, the rows of emit/ call documents.
    target_link_libraries(${name} PRIVATE $<LINK_GROUP:RESCAN,flow_documents,flow> PkgConfig::cmocka)
    target_include_directories(${name} PRIVATE tests/unit)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(${name} PROPERTIES ENVIRONMENT
      "FLOW_SPECS=${CMAKE_SOURCE_DIR}/specs;LSAN_OPTIONS=suppressions=${CMAKE_SOURCE_DIR}/tests/leaks.txt:print_suppressions=0")
  endforeach()
endif()

file(GLOB bench_programs CONFIGURE_DEPENDS tests/bench/bench_*.c)
foreach(source ${bench_programs})
  cmake_path(GET source STEM name)
  add_executable(${name} EXCLUDE_FROM_ALL ${source})
  target_compile_options(${name} PRIVATE ${FLOW_WARNINGS})
  target_link_libraries(${name} PRIVATE flow)
endforeach()

if(FLOW_FUZZ)
  file(GLOB fuzzers CONFIGURE_DEPENDS tests/fuzz/fuzz_*.c)
  foreach(source ${fuzzers})
    cmake_path(GET source STEM name)
    add_executable(${name} ${source})
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    target_link_libraries(${name} PRIVATE flow)
  endforeach()
endif()
