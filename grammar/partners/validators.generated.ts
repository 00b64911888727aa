// Generated from docs/partners.schema.json by `npm run generate`. Do not edit.
// @ts-nocheck: ajv writes JavaScript.
import type { ValidateFunction } from "ajv";
import ucs2length from "ajv/dist/runtime/ucs2length.js";
import type { PartnerRow } from "./candidate.ts";
import { formats } from "./list-dates.ts";

export const isPartnerList: ValidateFunction<{ readonly partners: readonly unknown[] }> = validate10;
export const isPartner: ValidateFunction<PartnerRow> = validate11;

const schema11 = {"$schema":"http://json-schema.org/draft-07/schema#","title":"Privet partner list","description":"Interworking partners, as a provisioning system exports them. A CSV file has the same names as columns; several domains, addresses, listeners, authorities or revocations of one partner have blanks between them.","type":"object","required":["partners"],"additionalProperties":false,"properties":{"$schema":{"type":"string"},"partners":{"type":"array"}},"definitions":{"partner":{"type":"object","required":["name","domains"],"additionalProperties":false,"properties":{"name":{"description":"by which rules call the partner","type":"string","pattern":"^[A-Za-z0-9][A-Za-z0-9-]*$","maxLength":128},"domains":{"description":"compared whole, without regard to case (RFC 5922 7.2)","type":"array","minItems":1,"items":{"type":"string","pattern":"^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$","maxLength":253}},"listeners":{"type":"array","items":{"type":"string","minLength":1}},"addresses":{"description":"IP addresses or prefixes, such as 192.0.2.0/24","type":"array","items":{"type":"string","pattern":"^[0-9A-Fa-f:.]+(/[0-9]{1,3})?$"}},"agreement":{"type":"object","required":["name","from","to"],"additionalProperties":false,"properties":{"name":{"type":"string","minLength":1},"from":{"description":"the first day in force, UTC","type":"string","format":"date"},"to":{"description":"the last day in force, UTC","type":"string","format":"date"}}},"authorities":{"description":"PEM files, relative to this list","type":"array","items":{"type":"string","minLength":1}},"revocations":{"description":"files with CRLs (RFC 5280 5), PEM or DER, relative to this list","type":"array","items":{"type":"string","minLength":1}},"extended-key-usage":{"description":"RFC 5924 5","enum":["rfc5924","lenient"]},"shares-host":{"description":"one certificate may name this partner and another","type":"boolean"},"tls-required":{"description":"never sent to in clear","type":"boolean"},"options":{"description":"this partner's values of the policy's options","type":"object","additionalProperties":{"type":"string"}}}}},"$id":"isPartnerList"};
function validate10(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if((data.partners === undefined) && (missing0 = "partners")){
validate10.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!((key0 === "$schema") || (key0 === "partners"))){
validate10.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.$schema !== undefined){
const _errs2 = errors;
if(typeof data.$schema !== "string"){
validate10.errors = [{instancePath:instancePath+"/$schema",schemaPath:"#/properties/%24schema/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.partners !== undefined){
const _errs4 = errors;
if(!(Array.isArray(data.partners))){
validate10.errors = [{instancePath:instancePath+"/partners",schemaPath:"#/properties/partners/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
else {
validate10.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate10.errors = vErrors;
return errors === 0;
}
const schema12 = {"type":"object","required":["name","domains"],"additionalProperties":false,"properties":{"name":{"description":"by which rules call the partner","type":"string","pattern":"^[A-Za-z0-9][A-Za-z0-9-]*$","maxLength":128},"domains":{"description":"compared whole, without regard to case (RFC 5922 7.2)","type":"array","minItems":1,"items":{"type":"string","pattern":"^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$","maxLength":253}},"listeners":{"type":"array","items":{"type":"string","minLength":1}},"addresses":{"description":"IP addresses or prefixes, such as 192.0.2.0/24","type":"array","items":{"type":"string","pattern":"^[0-9A-Fa-f:.]+(/[0-9]{1,3})?$"}},"agreement":{"type":"object","required":["name","from","to"],"additionalProperties":false,"properties":{"name":{"type":"string","minLength":1},"from":{"description":"the first day in force, UTC","type":"string","format":"date"},"to":{"description":"the last day in force, UTC","type":"string","format":"date"}}},"authorities":{"description":"PEM files, relative to this list","type":"array","items":{"type":"string","minLength":1}},"revocations":{"description":"files with CRLs (RFC 5280 5), PEM or DER, relative to this list","type":"array","items":{"type":"string","minLength":1}},"extended-key-usage":{"description":"RFC 5924 5","enum":["rfc5924","lenient"]},"shares-host":{"description":"one certificate may name this partner and another","type":"boolean"},"tls-required":{"description":"never sent to in clear","type":"boolean"},"options":{"description":"this partner's values of the policy's options","type":"object","additionalProperties":{"type":"string"}}},"$id":"isPartner"};
const func2 = Object.prototype.hasOwnProperty;
const func3 = ucs2length.default;
const pattern0 = new RegExp("^[A-Za-z0-9][A-Za-z0-9-]*$", "u");
const pattern1 = new RegExp("^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$", "u");
const pattern2 = new RegExp("^[0-9A-Fa-f:.]+(/[0-9]{1,3})?$", "u");
const formats0 = formats.date;
function validate11(data, {instancePath="", parentData, parentDataProperty, rootData=data}={}){
let vErrors = null;
let errors = 0;
if(errors === 0){
if(data && typeof data == "object" && !Array.isArray(data)){
let missing0;
if(((data.name === undefined) && (missing0 = "name")) || ((data.domains === undefined) && (missing0 = "domains"))){
validate11.errors = [{instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: missing0},message:"must have required property '"+missing0+"'"}];
return false;
}
else {
const _errs1 = errors;
for(const key0 in data){
if(!(func2.call(schema12.properties, key0))){
validate11.errors = [{instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs1 === errors){
if(data.name !== undefined){
let data0 = data.name;
const _errs2 = errors;
if(errors === _errs2){
if(typeof data0 === "string"){
if(func3(data0) > 128){
validate11.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/maxLength",keyword:"maxLength",params:{limit: 128},message:"must NOT have more than 128 characters"}];
return false;
}
else {
if(!pattern0.test(data0)){
validate11.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9][A-Za-z0-9-]*$"},message:"must match pattern \""+"^[A-Za-z0-9][A-Za-z0-9-]*$"+"\""}];
return false;
}
}
}
else {
validate11.errors = [{instancePath:instancePath+"/name",schemaPath:"#/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid0 = _errs2 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.domains !== undefined){
let data1 = data.domains;
const _errs4 = errors;
if(errors === _errs4){
if(Array.isArray(data1)){
if(data1.length < 1){
validate11.errors = [{instancePath:instancePath+"/domains",schemaPath:"#/properties/domains/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"}];
return false;
}
else {
var valid1 = true;
const len0 = data1.length;
for(let i0=0; i0<len0; i0++){
let data2 = data1[i0];
const _errs6 = errors;
if(errors === _errs6){
if(typeof data2 === "string"){
if(func3(data2) > 253){
validate11.errors = [{instancePath:instancePath+"/domains/" + i0,schemaPath:"#/properties/domains/items/maxLength",keyword:"maxLength",params:{limit: 253},message:"must NOT have more than 253 characters"}];
return false;
}
else {
if(!pattern1.test(data2)){
validate11.errors = [{instancePath:instancePath+"/domains/" + i0,schemaPath:"#/properties/domains/items/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$"},message:"must match pattern \""+"^[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?$"+"\""}];
return false;
}
}
}
else {
validate11.errors = [{instancePath:instancePath+"/domains/" + i0,schemaPath:"#/properties/domains/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid1 = _errs6 === errors;
if(!valid1){
break;
}
}
}
}
else {
validate11.errors = [{instancePath:instancePath+"/domains",schemaPath:"#/properties/domains/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs4 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.listeners !== undefined){
let data3 = data.listeners;
const _errs8 = errors;
if(errors === _errs8){
if(Array.isArray(data3)){
var valid2 = true;
const len1 = data3.length;
for(let i1=0; i1<len1; i1++){
let data4 = data3[i1];
const _errs10 = errors;
if(errors === _errs10){
if(typeof data4 === "string"){
if(func3(data4) < 1){
validate11.errors = [{instancePath:instancePath+"/listeners/" + i1,schemaPath:"#/properties/listeners/items/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
}
else {
validate11.errors = [{instancePath:instancePath+"/listeners/" + i1,schemaPath:"#/properties/listeners/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid2 = _errs10 === errors;
if(!valid2){
break;
}
}
}
else {
validate11.errors = [{instancePath:instancePath+"/listeners",schemaPath:"#/properties/listeners/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs8 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.addresses !== undefined){
let data5 = data.addresses;
const _errs12 = errors;
if(errors === _errs12){
if(Array.isArray(data5)){
var valid3 = true;
const len2 = data5.length;
for(let i2=0; i2<len2; i2++){
let data6 = data5[i2];
const _errs14 = errors;
if(errors === _errs14){
if(typeof data6 === "string"){
if(!pattern2.test(data6)){
validate11.errors = [{instancePath:instancePath+"/addresses/" + i2,schemaPath:"#/properties/addresses/items/pattern",keyword:"pattern",params:{pattern: "^[0-9A-Fa-f:.]+(/[0-9]{1,3})?$"},message:"must match pattern \""+"^[0-9A-Fa-f:.]+(/[0-9]{1,3})?$"+"\""}];
return false;
}
}
else {
validate11.errors = [{instancePath:instancePath+"/addresses/" + i2,schemaPath:"#/properties/addresses/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid3 = _errs14 === errors;
if(!valid3){
break;
}
}
}
else {
validate11.errors = [{instancePath:instancePath+"/addresses",schemaPath:"#/properties/addresses/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs12 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.agreement !== undefined){
let data7 = data.agreement;
const _errs16 = errors;
if(errors === _errs16){
if(data7 && typeof data7 == "object" && !Array.isArray(data7)){
let missing1;
if((((data7.name === undefined) && (missing1 = "name")) || ((data7.from === undefined) && (missing1 = "from"))) || ((data7.to === undefined) && (missing1 = "to"))){
validate11.errors = [{instancePath:instancePath+"/agreement",schemaPath:"#/properties/agreement/required",keyword:"required",params:{missingProperty: missing1},message:"must have required property '"+missing1+"'"}];
return false;
}
else {
const _errs18 = errors;
for(const key1 in data7){
if(!(((key1 === "name") || (key1 === "from")) || (key1 === "to"))){
validate11.errors = [{instancePath:instancePath+"/agreement",schemaPath:"#/properties/agreement/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key1},message:"must NOT have additional properties"}];
return false;
break;
}
}
if(_errs18 === errors){
if(data7.name !== undefined){
let data8 = data7.name;
const _errs19 = errors;
if(errors === _errs19){
if(typeof data8 === "string"){
if(func3(data8) < 1){
validate11.errors = [{instancePath:instancePath+"/agreement/name",schemaPath:"#/properties/agreement/properties/name/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
}
else {
validate11.errors = [{instancePath:instancePath+"/agreement/name",schemaPath:"#/properties/agreement/properties/name/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid4 = _errs19 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data7.from !== undefined){
let data9 = data7.from;
const _errs21 = errors;
if(errors === _errs21){
if(errors === _errs21){
if(typeof data9 === "string"){
if(!(formats0(data9))){
validate11.errors = [{instancePath:instancePath+"/agreement/from",schemaPath:"#/properties/agreement/properties/from/format",keyword:"format",params:{format: "date"},message:"must match format \""+"date"+"\""}];
return false;
}
}
else {
validate11.errors = [{instancePath:instancePath+"/agreement/from",schemaPath:"#/properties/agreement/properties/from/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
}
var valid4 = _errs21 === errors;
}
else {
var valid4 = true;
}
if(valid4){
if(data7.to !== undefined){
let data10 = data7.to;
const _errs23 = errors;
if(errors === _errs23){
if(errors === _errs23){
if(typeof data10 === "string"){
if(!(formats0(data10))){
validate11.errors = [{instancePath:instancePath+"/agreement/to",schemaPath:"#/properties/agreement/properties/to/format",keyword:"format",params:{format: "date"},message:"must match format \""+"date"+"\""}];
return false;
}
}
else {
validate11.errors = [{instancePath:instancePath+"/agreement/to",schemaPath:"#/properties/agreement/properties/to/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
}
var valid4 = _errs23 === errors;
}
else {
var valid4 = true;
}
}
}
}
}
}
else {
validate11.errors = [{instancePath:instancePath+"/agreement",schemaPath:"#/properties/agreement/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs16 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.authorities !== undefined){
let data11 = data.authorities;
const _errs25 = errors;
if(errors === _errs25){
if(Array.isArray(data11)){
var valid5 = true;
const len3 = data11.length;
for(let i3=0; i3<len3; i3++){
let data12 = data11[i3];
const _errs27 = errors;
if(errors === _errs27){
if(typeof data12 === "string"){
if(func3(data12) < 1){
validate11.errors = [{instancePath:instancePath+"/authorities/" + i3,schemaPath:"#/properties/authorities/items/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
}
else {
validate11.errors = [{instancePath:instancePath+"/authorities/" + i3,schemaPath:"#/properties/authorities/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid5 = _errs27 === errors;
if(!valid5){
break;
}
}
}
else {
validate11.errors = [{instancePath:instancePath+"/authorities",schemaPath:"#/properties/authorities/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs25 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.revocations !== undefined){
let data13 = data.revocations;
const _errs29 = errors;
if(errors === _errs29){
if(Array.isArray(data13)){
var valid6 = true;
const len4 = data13.length;
for(let i4=0; i4<len4; i4++){
let data14 = data13[i4];
const _errs31 = errors;
if(errors === _errs31){
if(typeof data14 === "string"){
if(func3(data14) < 1){
validate11.errors = [{instancePath:instancePath+"/revocations/" + i4,schemaPath:"#/properties/revocations/items/minLength",keyword:"minLength",params:{limit: 1},message:"must NOT have fewer than 1 characters"}];
return false;
}
}
else {
validate11.errors = [{instancePath:instancePath+"/revocations/" + i4,schemaPath:"#/properties/revocations/items/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
}
var valid6 = _errs31 === errors;
if(!valid6){
break;
}
}
}
else {
validate11.errors = [{instancePath:instancePath+"/revocations",schemaPath:"#/properties/revocations/type",keyword:"type",params:{type: "array"},message:"must be array"}];
return false;
}
}
var valid0 = _errs29 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data["extended-key-usage"] !== undefined){
let data15 = data["extended-key-usage"];
const _errs33 = errors;
if(!((data15 === "rfc5924") || (data15 === "lenient"))){
validate11.errors = [{instancePath:instancePath+"/extended-key-usage",schemaPath:"#/properties/extended-key-usage/enum",keyword:"enum",params:{allowedValues: schema12.properties["extended-key-usage"].enum},message:"must be equal to one of the allowed values"}];
return false;
}
var valid0 = _errs33 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data["shares-host"] !== undefined){
const _errs34 = errors;
if(typeof data["shares-host"] !== "boolean"){
validate11.errors = [{instancePath:instancePath+"/shares-host",schemaPath:"#/properties/shares-host/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"}];
return false;
}
var valid0 = _errs34 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data["tls-required"] !== undefined){
const _errs36 = errors;
if(typeof data["tls-required"] !== "boolean"){
validate11.errors = [{instancePath:instancePath+"/tls-required",schemaPath:"#/properties/tls-required/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"}];
return false;
}
var valid0 = _errs36 === errors;
}
else {
var valid0 = true;
}
if(valid0){
if(data.options !== undefined){
let data18 = data.options;
const _errs38 = errors;
if(errors === _errs38){
if(data18 && typeof data18 == "object" && !Array.isArray(data18)){
for(const key2 in data18){
const _errs41 = errors;
if(typeof data18[key2] !== "string"){
validate11.errors = [{instancePath:instancePath+"/options/" + key2.replace(/~/g, "~0").replace(/\//g, "~1"),schemaPath:"#/properties/options/additionalProperties/type",keyword:"type",params:{type: "string"},message:"must be string"}];
return false;
}
var valid7 = _errs41 === errors;
if(!valid7){
break;
}
}
}
else {
validate11.errors = [{instancePath:instancePath+"/options",schemaPath:"#/properties/options/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
var valid0 = _errs38 === errors;
}
else {
var valid0 = true;
}
}
}
}
}
}
}
}
}
}
}
}
}
}
else {
validate11.errors = [{instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"}];
return false;
}
}
validate11.errors = vErrors;
return errors === 0;
}
